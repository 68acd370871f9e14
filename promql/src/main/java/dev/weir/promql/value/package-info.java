/** What a query gives: its value, its warnings and infos, or why it has none. */
@NullMarked
package dev.weir.promql.value;

import org.jspecify.annotations.NullMarked;
