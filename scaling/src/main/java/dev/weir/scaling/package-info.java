/**
 * Sets how many workers serve a model by rules over what is observed. Every decision is told, and what is not known changes
 * nothing. May use {@code dev.weir.configuration}.
 */
@NullMarked
package dev.weir.scaling;

import org.jspecify.annotations.NullMarked;
