/** Samples of one series that are in memory, compressed as they come. Knows nothing of series, commits and files. */
@NullMarked
package dev.weir.queryserver.store.chunk;

import org.jspecify.annotations.NullMarked;
