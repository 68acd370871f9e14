/**
 * The engine beside Prometheus: the same samples, the same random queries, and where the answers differ. Recorded answers
 * are checked in every build; {@code promql/prometheus-answers} asks a running Prometheus.
 */
@NullMarked
package dev.weir.promql.answers;

import org.jspecify.annotations.NullMarked;
