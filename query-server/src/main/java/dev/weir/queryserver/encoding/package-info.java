/**
 * Byte layouts shared by chunks in memory, the log and what is on disk: variable-length numbers, strings, native
 * histograms, and chunks of floats that do not change any more.
 */
@NullMarked
package dev.weir.queryserver.encoding;

import org.jspecify.annotations.NullMarked;
