package dev.weir.aggregation.operator;

import dev.weir.aggregation.request.RequestReport;

/** A request on its way to its lane. */
public record LanedRequest(int lane, RequestReport report) {}
