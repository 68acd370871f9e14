/** What each project may take of the server, and turns that keep one project's flood from the others. Knows no HTTP. */
@NullMarked
package dev.weir.queryserver.limit;

import org.jspecify.annotations.NullMarked;
