/** Who Weir is to those it asks. */
@NullMarked
package dev.weir.ingest.http;

import org.jspecify.annotations.NullMarked;
