/** The data that everything here is measured on: what a fleet of vLLM pods exposes. */
@NullMarked
package dev.weir.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
