/** The Flink source: an enumerator that spreads targets over readers, and readers that scrape them on time. */
@NullMarked
package dev.weir.ingest.source;

import org.jspecify.annotations.NullMarked;
