/**
 * Layouts: what of a page stays the same from scrape to scrape, so that the next page of the same target is read by
 * comparing bytes and parsing numbers, without a string, a map or an object per line. Pure Java.
 */
@NullMarked
package dev.weir.exposition.layout;

import org.jspecify.annotations.NullMarked;
