package dev.weir.aggregation.report;

/** Names of the series that Weir makes of its own; no page's series can have them. */
public final class OwnSeries {
    /** The series that tells the frontier, per project and partition; its time and its value are the same instant. */
    public static final String FRONTIER = "weir_frontier_timestamp_seconds";

    /** The series that tells which histograms were merged out of unequal layouts. */
    public static final String MIXED_LAYOUTS = "weir_mixed_layouts";

    /** Counts, per group, family and reason, what increments may have been missed because no start was proven. */
    public static final String UNACCOUNTED = "weir_unaccounted_increments_total";

    /** Counts, per group and reason, the series that were seen to begin anew. */
    public static final String RESETS = "weir_counter_resets_total";

    /** The series that tells how many requests succeeded since an engine last reported an output token, if too many. */
    public static final String USAGE_NOT_REPORTED = "weir_usage_not_reported";

    /** How many series a project has in a partition, as {@code aggregation.limits.series_per_project} counts them. */
    public static final String PROJECT_SERIES = "weir_project_series";

    /** Counts, per project and partition, the series that are summed up as {@code other} since there are too many. */
    public static final String FOLDED = "weir_series_folded_total";

    /** Counts, per project and partition, the values of gauges that are left out since there are too many series. */
    public static final String DROPPED = "weir_gauge_values_dropped_total";

    private OwnSeries() {}
}
