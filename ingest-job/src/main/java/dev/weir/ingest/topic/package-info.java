/** The topic of scrapes: what its records are, and the sink that writes them. */
@NullMarked
package dev.weir.ingest.topic;

import org.jspecify.annotations.NullMarked;
