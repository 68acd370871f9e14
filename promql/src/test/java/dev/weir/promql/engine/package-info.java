/** Tests of the engine: limits, seeds, evaluation times. */
@NullMarked
package dev.weir.promql.engine;

import org.jspecify.annotations.NullMarked;
