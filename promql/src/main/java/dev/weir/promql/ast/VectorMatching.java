package dev.weir.promql.ast;

import java.util.List;

/** How the series of two vectors find each other: by the labels {@code on}, or by all but the ones ignored. */
public record VectorMatching(Cardinality cardinality, List<String> labels, boolean on, List<String> include) {
    /** How many series of each side may share one match group. */
    public enum Cardinality {
        ONE_TO_ONE,
        MANY_TO_ONE,
        ONE_TO_MANY,
        MANY_TO_MANY
    }

    public VectorMatching {
        labels = List.copyOf(labels);
        include = List.copyOf(include);
    }

    public VectorMatching withCardinality(Cardinality changed) {
        return new VectorMatching(changed, labels, on, include);
    }
}
