/** Tests. */
@NullMarked
package dev.weir.standalone.broker;

import org.jspecify.annotations.NullMarked;
