/** Random PromQL: queries of every kind that parse and have a value more often than not. Uses the AST's tables only. */
@NullMarked
package dev.weir.promql.generator;

import org.jspecify.annotations.NullMarked;
