/** The server's own metrics: counters, and their text for a scraper. */
@NullMarked
package dev.weir.queryserver.telemetry;

import org.jspecify.annotations.NullMarked;
