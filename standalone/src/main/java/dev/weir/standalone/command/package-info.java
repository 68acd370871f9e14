/** The subcommands of {@code weir}: what they take, what they print and how they exit. */
@NullMarked
package dev.weir.standalone.command;

import org.jspecify.annotations.NullMarked;
