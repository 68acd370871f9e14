/** Views: series re-emitted under the names, labels and step of another system's metrics API. Pure Java, no Flink. */
@NullMarked
package dev.weir.aggregation.view;

import org.jspecify.annotations.NullMarked;
