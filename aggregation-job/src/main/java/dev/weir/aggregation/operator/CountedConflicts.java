package dev.weir.aggregation.operator;

import dev.weir.aggregation.member.LaneRules;
import org.apache.flink.metrics.Counter;

/** Counts what cannot be merged. */
record CountedConflicts(Counter types, Counter gauges, Counter requests) implements LaneRules.Conflicts {
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
}
