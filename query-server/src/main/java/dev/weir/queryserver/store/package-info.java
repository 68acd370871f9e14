/**
 * The durable store: series by project and label set, compressed in memory, behind a write-ahead log. A write request is
 * refused or stored whole, durable once acknowledged, and visible to readers all at once.
 */
@NullMarked
package dev.weir.queryserver.store;

import org.jspecify.annotations.NullMarked;
