/** Byte layouts shared by chunks in memory and the log on disk: variable-length numbers, strings, native histograms. */
@NullMarked
package dev.weir.queryserver.encoding;

import org.jspecify.annotations.NullMarked;
