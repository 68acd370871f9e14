/** The closed set of PromQL expressions, what they are made of, and their text form. Pure values. */
@NullMarked
package dev.weir.promql.ast;

import org.jspecify.annotations.NullMarked;
