package dev.weir.promql.ast;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The aggregations, with the type of their parameter if they take one. */
public enum AggregateOperator {
    SUM(null, false),
    AVG(null, false),
    COUNT(null, false),
    MIN(null, false),
    MAX(null, false),
    GROUP(null, false),
    STDDEV(null, false),
    STDVAR(null, false),
    TOPK(ValueType.SCALAR, false),
    BOTTOMK(ValueType.SCALAR, false),
    COUNT_VALUES(ValueType.STRING, false),
    QUANTILE(ValueType.SCALAR, false),
    LIMITK(ValueType.SCALAR, true),
    LIMIT_RATIO(ValueType.SCALAR, true);

    private final @Nullable ValueType parameterType;
    private final boolean isExperimental;

    AggregateOperator(@Nullable ValueType parameterType, boolean isExperimental) {
        this.parameterType = parameterType;
        this.isExperimental = isExperimental;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public @Nullable ValueType parameterType() {
        return parameterType;
    }

    public boolean isExperimental() {
        return isExperimental;
    }

    /** Whether its results are series of its input, rather than one for each group. */
    public boolean selectsSeries() {
        return this == TOPK || this == BOTTOMK || this == LIMITK || this == LIMIT_RATIO;
    }
}
