/** The aggregations: folds over the series of one group, column by column, and those that pick series. */
@NullMarked
package dev.weir.promql.aggregate;

import org.jspecify.annotations.NullMarked;
