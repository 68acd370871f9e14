/**
 * A fleet of inference engines that is none: HTTP servers that expose what each engine exposes, under a load and with a churn
 * that follow from a seed, and the truth behind it. {@link dev.weir.simulator.FleetSimulator} starts it.
 */
@NullMarked
package dev.weir.simulator;

import org.jspecify.annotations.NullMarked;
