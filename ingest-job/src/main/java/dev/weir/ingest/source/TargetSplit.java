package dev.weir.ingest.source;

import dev.weir.ingest.discovery.Target;
import org.apache.flink.api.connector.source.SourceSplit;

/** One target as a reader needs it. Two splits with one id are the same target, perhaps with other labels or times. */
record TargetSplit(Target target, String scraperId, long watchedSinceMs) implements SourceSplit {
    @Override
    public String splitId() {
        return target.identity();
    }
}
