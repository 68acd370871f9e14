/**
 * What each engine measures while it serves the load of {@code load}, in the families of {@code metric}. A process is advanced
 * lazily, when it is read; what it holds at a time does not depend on when it was read before.
 */
@NullMarked
package dev.weir.simulator.engine;

import org.jspecify.annotations.NullMarked;
