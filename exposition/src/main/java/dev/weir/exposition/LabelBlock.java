package dev.weir.exposition;

import dev.weir.series.Labels;
import org.jspecify.annotations.Nullable;

/** What stands between braces: labels, and perhaps a quoted metric name. */
record LabelBlock(@Nullable String name, Labels labels) {}
