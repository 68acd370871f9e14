package dev.weir.exposition;

import java.util.List;

/**
 * A {@code /metrics} page as series.
 *
 * @param families without those that hold only the start times of another family's series
 * @param duplicateSamples lines that were left out because another one of the same series, the first or the latest,
 *     counts
 * @param malformedSamples lines that are there as points of type unknown, because no histogram or summary could be
 *     made of them
 */
public record Assembly(List<AssembledFamily> families, int duplicateSamples, int malformedSamples) {
    public Assembly {
        families = List.copyOf(families);
    }
}
