/** Tests. */
@NullMarked
package dev.weir.standalone.flink;

import org.jspecify.annotations.NullMarked;
