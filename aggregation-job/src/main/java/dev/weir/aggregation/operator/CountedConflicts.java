package dev.weir.aggregation.operator;

import dev.weir.aggregation.member.LaneRules;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what cannot be merged. */
record CountedConflicts(Counter types, Counter gauges, Counter requests) implements LaneRules.Conflicts {
    private static final Logger LOG = LoggerFactory.getLogger(CountedConflicts.class);

    @Override
    public void ofTypes() {
        types.inc();
    }

    @Override
    public void ofGauges() {
        gauges.inc();
    }

    @Override
    public void ofRequests() {
        requests.inc();
    }

    @Override
    public void ofSeries(String project, int lane, int limit) {
        LOG.warn(
                "project {} has {} series in partition {}, the most (aggregation.limits.series_per_project, over all"
                        + " partitions): new counters and histograms are summed up as \"other\", new gauges left out",
                project,
                limit,
                lane);
    }
}
