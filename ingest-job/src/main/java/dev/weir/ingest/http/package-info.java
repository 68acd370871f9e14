/** HTTP as a client: one connection pool for each way of talking TLS. */
@NullMarked
package dev.weir.ingest.http;

import org.jspecify.annotations.NullMarked;
