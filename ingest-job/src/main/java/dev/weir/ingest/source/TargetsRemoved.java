package dev.weir.ingest.source;

import java.util.List;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Tells a reader to scrape these once more, at once, and then no longer.
 *
 * @param ended those whose processes have ended for good, so that what they still answer is their last word
 */
record TargetsRemoved(List<String> splitIds, Set<String> ended) implements SourceEvent {
    TargetsRemoved {
        splitIds = List.copyOf(splitIds);
        ended = Set.copyOf(ended);
    }
}
