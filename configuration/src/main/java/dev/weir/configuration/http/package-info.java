/** How a configured HTTP server is asked: with an end to every answer, in time and in bytes. */
@NullMarked
package dev.weir.configuration.http;

import org.jspecify.annotations.NullMarked;
