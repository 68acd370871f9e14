package dev.weir.aggregation.member;

/** Fails on every conflict; a test that expects one overrides its method. */
public class NoConflicts implements LaneRules.Conflicts {
    @Override
    public void ofTypes() {
        throw new AssertionError("conflict of types");
    }

    @Override
    public void ofGauges() {
        throw new AssertionError("conflict of gauges");
    }

    @Override
    public void ofRequests() {
        throw new AssertionError("one group of requests too many");
    }

    @Override
    public void ofSeries(String project, int lane, int limit) {
        throw new AssertionError("too many series of " + project + " in lane " + lane + " (limit: " + limit + ")");
    }
}
