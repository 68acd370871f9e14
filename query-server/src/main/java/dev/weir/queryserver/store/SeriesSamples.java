package dev.weir.queryserver.store;

import dev.weir.series.Labels;

/** Samples to be written to one series, ascending in time. */
public record SeriesSamples(SeriesReference series, SampleList samples) {
    public SeriesSamples(String project, Labels labels, SampleList samples) {
        this(new SeriesReference(project, labels), samples);
    }

    public String project() {
        return series.project();
    }

    public Labels labels() {
        return series.labels();
    }
}
