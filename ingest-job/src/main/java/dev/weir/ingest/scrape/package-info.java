/** One scrape: an HTTP request that ends in time, within its limits, with an outcome that says what happened. Pure Java. */
@NullMarked
package dev.weir.ingest.scrape;

import org.jspecify.annotations.NullMarked;
