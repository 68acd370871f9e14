/** Tests of the parser. */
@NullMarked
package dev.weir.promql.parser;

import org.jspecify.annotations.NullMarked;
