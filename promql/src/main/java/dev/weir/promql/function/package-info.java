/** The functions of PromQL: on windows of samples, on single floats, on native and classic histograms. */
@NullMarked
package dev.weir.promql.function;

import org.jspecify.annotations.NullMarked;
