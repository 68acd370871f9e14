/**
 * All of Weir in one process: broker, Flink and query server side by side, started and stopped in order, on one data
 * directory. {@link dev.weir.standalone.Weir} is the command line.
 */
@NullMarked
package dev.weir.standalone;

import org.jspecify.annotations.NullMarked;
