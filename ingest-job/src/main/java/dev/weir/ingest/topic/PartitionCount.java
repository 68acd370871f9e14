package dev.weir.ingest.topic;

import java.io.Serializable;

/** How many partitions the topic of scrapes has. */
@FunctionalInterface
public interface PartitionCount extends Serializable {
    /** The number as it is now; may block for seconds. */
    int now() throws Exception;
}
