/**
 * The metrics of one simulated process, and the four clients' ways to write them down: counts are integers in a columnar
 * array, so that a snapshot is one copy and two reads of one instant are equal to the bit. Uses only the JDK.
 */
@NullMarked
package dev.weir.simulator.metric;

import org.jspecify.annotations.NullMarked;
