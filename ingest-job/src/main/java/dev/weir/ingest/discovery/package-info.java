/** Which targets there are: configuration and target files, relabelled into scrape URLs. Pure Java. */
@NullMarked
package dev.weir.ingest.discovery;

import org.jspecify.annotations.NullMarked;
