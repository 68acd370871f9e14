package dev.weir.ingest.source;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** Tells a reader to scrape these no longer. */
record TargetsRemoved(List<String> splitIds) implements SourceEvent {
    TargetsRemoved {
        splitIds = List.copyOf(splitIds);
    }
}
