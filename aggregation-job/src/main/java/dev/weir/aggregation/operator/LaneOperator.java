package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keyed by lane: sums up reports of scrapes and requests and closes windows as the watermark passes their ends. State: one {@link Lane} a key, with
 * its groups; a group is dropped an hour after its last target.
 */
public final class LaneOperator extends KeyedCoProcessFunction<Integer, LanedReport, LanedRequest, SeriesRecord> {
    private static final long serialVersionUID = 1;

    private final Duration window;
    private final Duration expiry;
    private final Profiles profiles;
    private final ArrayList<View> views;
    private transient @Nullable Running running;

    private record Running(LaneRules rules, ValueState<Lane> lane) {}

    public LaneOperator(Duration window, Duration expiry, Profiles profiles, List<View> views) {
        this.window = window;
        this.expiry = expiry;
        this.profiles = profiles;
        this.views = new ArrayList<>(views);
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup();
        Counter types = metrics.counter("weir_type_conflicts_total");
        Counter gauges = metrics.counter("weir_gauge_conflicts_total");
        Counter requests = metrics.counter("weir_requests_over_group_limit_total");
        LaneRules rules = new LaneRules(
                window.toMillis(), expiry.toMillis(), new PageProfiles(profiles), views, new LaneRules.Conflicts() {
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
                });
        running = new Running(
                rules,
                getRuntimeContext().getState(new ValueStateDescriptor<>("lane", BinarySerializer.OfLane.INSTANCE)));
    }

    @Override
    public void processElement1(LanedReport report, Context context, Collector<SeriesRecord> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        Lane lane = run.lane.value();
        if (report.report() == null) {
            if (lane != null) {
                lane.forget(report.target());
                run.lane.update(lane);
            }
            return;
        }
        if (lane == null) {
            lane = new Lane(report.lane(), run.rules.windowMs());
        }
        lane.take(report.report(), run.rules);
        run.lane.update(lane);
        context.timerService().registerEventTimeTimer(lane.nextWindowEndMs());
    }

    @Override
    public void processElement2(LanedRequest request, Context context, Collector<SeriesRecord> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        Lane lane = run.lane.value();
        if (lane == null) {
            lane = new Lane(request.lane(), run.rules.windowMs());
        }
        lane.take(request.report(), run.rules);
        run.lane.update(lane);
        context.timerService().registerEventTimeTimer(lane.nextWindowEndMs());
    }

    @Override
    public void onTimer(long timestampMs, OnTimerContext context, Collector<SeriesRecord> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        Lane lane = run.lane.value();
        if (lane == null) {
            return;
        }
        lane.advance(context.timerService().currentWatermark(), run.rules, out::collect);
        run.lane.update(lane);
        boolean ended = context.timerService().currentWatermark() == Long.MAX_VALUE;
        if (lane.groupCount() > 0 && !ended) {
            context.timerService().registerEventTimeTimer(lane.nextWindowEndMs());
        }
    }
}
