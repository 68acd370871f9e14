/** When requests arrive and what they are like, as a function of seed and time alone. Uses only the JDK. */
@NullMarked
package dev.weir.simulator.load;

import org.jspecify.annotations.NullMarked;
