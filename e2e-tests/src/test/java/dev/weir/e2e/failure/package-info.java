/** Failures at random moments, while a known feed runs through the real jobs; what comes out is held against the feed. */
@NullMarked
package dev.weir.e2e.failure;

import org.jspecify.annotations.NullMarked;
