/** Runs scripts in the test language of Prometheus against the engine, in memory. */
@NullMarked
package dev.weir.promql.script;

import org.jspecify.annotations.NullMarked;
