/**
 * Rule 12, asking for now: the newest complete window of each project, and which evaluation times it answers for. Knows
 * neither store nor HTTP.
 */
@NullMarked
package dev.weir.queryserver.frontier;

import org.jspecify.annotations.NullMarked;
