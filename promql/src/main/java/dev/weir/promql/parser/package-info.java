/** From a query's text to an expression: lexer, Pratt parser and type check, with Prometheus' error texts. */
@NullMarked
package dev.weir.promql.parser;

import org.jspecify.annotations.NullMarked;
