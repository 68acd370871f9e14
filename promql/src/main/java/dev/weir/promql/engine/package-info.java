/** The PromQL engine: {@link dev.weir.promql.engine.PromQlEngine} evaluates queries over a Queryable. */
@NullMarked
package dev.weir.promql.engine;

import org.jspecify.annotations.NullMarked;
