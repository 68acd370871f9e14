/** Tests. */
@NullMarked
package dev.weir.standalone;

import org.jspecify.annotations.NullMarked;
