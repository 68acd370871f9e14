/** What the engine asks of a store: series by matchers, each read as columns of time and value. */
@NullMarked
package dev.weir.promql.storage;

import org.jspecify.annotations.NullMarked;
