package dev.weir.promql.answers;

import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.util.NavigableMap;

/** One series of the data set; each sample is a Double or a {@link FloatHistogram}. */
record SampleSeries(Labels labels, NavigableMap<Long, Object> samples) {}
