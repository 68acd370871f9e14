package dev.weir.ingest.topic;

import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one tick for each partition out of a tick for all; lets everything else pass. */
public final class TickFanOut extends RichFlatMapFunction<IngestRecord, IngestRecord> {
    /** A topic that grew gets ticks in its new partitions after this long. */
    public static final Duration PARTITION_REFRESH = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(TickFanOut.class);
    private static final long serialVersionUID = 1;

    private final PartitionCount partitionCount;
    private transient int partitions;
    private transient long countedNs;

    public TickFanOut(PartitionCount partitionCount) {
        this.partitionCount = partitionCount;
    }

    @Override
    public void open(OpenContext context) {
        partitions = 0;
    }

    @Override
    public void flatMap(IngestRecord record, Collector<IngestRecord> out) throws Exception {
        if (record.partition != IngestRecord.EVERY_PARTITION) {
            out.collect(record);
            return;
        }
        refresh();
        for (int partition = 0; partition < partitions; partition++) {
            out.collect(record.in(partition));
        }
    }

    private void refresh() throws Exception {
        long nowNs = System.nanoTime();
        if (partitions > 0 && nowNs - countedNs < PARTITION_REFRESH.toNanos()) {
            return;
        }
        try {
            partitions = partitionCount.now();
            countedNs = nowNs;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (partitions == 0) {
                throw e;
            }
            countedNs = nowNs;
            LOG.warn("cannot count partitions, goes on with {}", partitions, e);
        }
    }
}
