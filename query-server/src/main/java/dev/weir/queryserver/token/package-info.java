/** Bearer tokens: what they may do, where they are kept, and the access that they grant. May use {@code http}. */
@NullMarked
package dev.weir.queryserver.token;

import org.jspecify.annotations.NullMarked;
