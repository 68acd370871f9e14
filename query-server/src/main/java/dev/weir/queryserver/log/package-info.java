/**
 * The write-ahead log: records in segment files, each record guarded by checksums, found again after damage. Knows
 * nothing of what a record says.
 */
@NullMarked
package dev.weir.queryserver.log;

import org.jspecify.annotations.NullMarked;
