/** Which targets there are: configuration, target files and pages, relabelled into scrape URLs. Pure Java. */
@NullMarked
package dev.weir.ingest.discovery;

import org.jspecify.annotations.NullMarked;
