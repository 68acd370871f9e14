/** The query server as a whole: what starts it, and with which options. */
@NullMarked
package dev.weir.queryserver;

import org.jspecify.annotations.NullMarked;
