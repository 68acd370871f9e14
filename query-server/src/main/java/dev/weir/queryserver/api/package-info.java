/** Prometheus' HTTP API: its parameters, queries, label and series lists, and its JSON. */
@NullMarked
package dev.weir.queryserver.api;

import org.jspecify.annotations.NullMarked;
