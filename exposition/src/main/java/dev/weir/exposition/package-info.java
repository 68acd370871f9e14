/**
 * The bytes of a {@code /metrics} page, in text format 0.0.4, OpenMetrics 1.0 or protobuf, as families of samples, as
 * assembled series (a histogram is one value), and as the typed snapshot that vLLM's own reader gives. Pure Java; uses
 * only the series module.
 */
@NullMarked
package dev.weir.exposition;

import org.jspecify.annotations.NullMarked;
