package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.ScrapeReport;

/** A report on its way to its lane. */
public record LanedReport(int lane, ScrapeReport report) {}
