package dev.weir.promql.engine;

import dev.weir.promql.ast.VectorMatching;
import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;

/** The labels by which series of two vectors find each other. */
final class Signature {
    private final boolean on;
    private final Set<String> labels;

    Signature(VectorMatching matching) {
        this.on = matching.on();
        this.labels = new HashSet<>(matching.labels());
        if (!on) {
            labels.add(Labels.METRIC_NAME);
        }
    }

    Labels of(Labels series) {
        return on ? series.only(labels) : series.without(labels);
    }
}
