/**
 * Blocks: immutable files of older samples, each with its own index by label, searched where it lies. Every byte is under a
 * checksum; a damaged index is repaired by parity, a damaged chunk is named and left out. The layout is in
 * {@code docs/store.md}. Knows nothing of commits and views.
 */
@NullMarked
package dev.weir.queryserver.store.block;

import org.jspecify.annotations.NullMarked;
