package dev.weir.queryserver.store;

import dev.weir.series.Labels;

/**
 * Samples to be written to one series, ascending in time.
 *
 * @param createdMs when the counter or histogram began at zero, 0 if unknown. If that is after everything stored and before
 *     these samples, a zero is stored at that time, so that the first sample counts as an increase
 */
public record SeriesSamples(SeriesReference series, SampleList samples, long createdMs) {
    /** Samples of a series that does not say when it began. */
    public SeriesSamples(SeriesReference series, SampleList samples) {
        this(series, samples, 0);
    }

    public SeriesSamples(String project, Labels labels, SampleList samples) {
        this(new SeriesReference(project, labels), samples, 0);
    }

    public String project() {
        return series.project();
    }

    public Labels labels() {
        return series.labels();
    }
}
