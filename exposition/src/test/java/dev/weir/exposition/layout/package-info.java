@NullMarked
package dev.weir.exposition.layout;

import org.jspecify.annotations.NullMarked;
