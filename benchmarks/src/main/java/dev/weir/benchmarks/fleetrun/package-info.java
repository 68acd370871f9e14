/** A large simulated fleet through the whole of Weir, for minutes: whether it keeps up, how fresh it is, whether it grows. */
@NullMarked
package dev.weir.benchmarks.fleetrun;

import org.jspecify.annotations.NullMarked;
