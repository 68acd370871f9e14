/** The real thing as separate processes, and the arrows between the modules. */
@NullMarked
package dev.weir.e2e;

import org.jspecify.annotations.NullMarked;
