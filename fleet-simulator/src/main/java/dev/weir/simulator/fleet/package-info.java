/**
 * Which pods run when: slots whose pods restart and are replaced, the targets file, and the truth about all of it. Uses
 * {@code engine}, {@code load} and {@code metric}; knows HTTP only as {@link dev.weir.simulator.fleet.Ports}.
 */
@NullMarked
package dev.weir.simulator.fleet;

import org.jspecify.annotations.NullMarked;
