/** Tests of the contracts: bytes on the wire, damage, and compatibility over schema versions. */
@NullMarked
package dev.weir.schemas;

import org.jspecify.annotations.NullMarked;
