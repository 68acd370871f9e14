/** Tests. */
@NullMarked
package dev.weir.standalone.terminal;

import org.jspecify.annotations.NullMarked;
