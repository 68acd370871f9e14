/** How long Weir takes to be ready again, with a lot stored. */
@NullMarked
package dev.weir.benchmarks.restart;

import org.jspecify.annotations.NullMarked;
