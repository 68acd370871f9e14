package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.aggregation.view.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keyed by lane: sums up reports of scrapes and requests and closes windows as the watermark passes their ends.
 *
 * <p>Lanes live on the heap, whatever the state backend. State, by lane: its entries by name (ADR 8), of which each
 * snapshot writes those that changed since the one before. Entries of groups and targets go with them, an hour after the
 * last scrape; one of some 30 bytes remains per lane, so that no restore opens a window again.
 */
public final class LaneOperator extends AbstractStreamOperator<SeriesRecord>
        implements TwoInputStreamOperator<LanedReport, LanedRequest, SeriesRecord>,
                Triggerable<Integer, VoidNamespace> {
    private static final long serialVersionUID = 1;

    private final Duration window;
    private final Duration expiry;
    private final Profiles profiles;
    private final ArrayList<View> views;
    private final int seriesLimit;
    private final WrittenWindows written;
    private transient @Nullable Running running;

    private static final class Running {
        final LaneRules rules;
        final InternalTimerService<VoidNamespace> timers;
        final EntryState entries;
        final Map<Integer, Lane> lanes = new HashMap<>();
        final StreamRecord<SeriesRecord> reused = new StreamRecord<>(null);
        final Counter storedBytes;
        /** As of the newest snapshot, for readers of other threads. */
        volatile int groups;

        volatile int targets;

        Running(LaneRules rules, InternalTimerService<VoidNamespace> timers, EntryState entries, MetricGroup metrics) {
            this.rules = rules;
            this.timers = timers;
            this.entries = entries;
            this.storedBytes = metrics.counter("weir_lane_stored_bytes_total");
            metrics.gauge("weir_lane_groups", () -> groups);
            metrics.gauge("weir_lane_targets", () -> targets);
        }

        Lane lane(int number) {
            return lanes.computeIfAbsent(number, key -> new Lane(key, rules.windowMs()));
        }
    }

    /**
     * @param seriesLimit most series of a project in one lane, or {@link LaneRules#UNLIMITED}
     * @param written windows that are closed without writing them, since the topic has them already
     */
    public LaneOperator(
            Duration window,
            Duration expiry,
            Profiles profiles,
            List<View> views,
            int seriesLimit,
            WrittenWindows written) {
        this.window = window;
        this.expiry = expiry;
        this.profiles = profiles;
        this.views = new ArrayList<>(views);
        this.seriesLimit = seriesLimit;
        this.written = written;
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup metrics = getMetricGroup();
        LaneRules rules = new LaneRules(
                window.toMillis(),
                expiry.toMillis(),
                new PageProfiles(profiles),
                views,
                seriesLimit,
                new CountedConflicts(
                        metrics.counter("weir_type_conflicts_total"),
                        metrics.counter("weir_gauge_conflicts_total"),
                        metrics.counter("weir_requests_over_group_limit_total")));
        Running run = new Running(
                rules,
                getInternalTimerService("window-ends", VoidNamespaceSerializer.INSTANCE, this),
                new EntryState(getKeyedStateBackend()),
                metrics);
        for (Integer key : run.entries.keys()) {
            setCurrentKey(key);
            run.lanes.put(key, Lane.read(run.entries.all()));
        }
        running = run;
    }

    @Override
    public void processElement1(StreamRecord<LanedReport> element) {
        Running run = Objects.requireNonNull(running, "not open");
        LanedReport report = element.getValue();
        if (report.report() != null) {
            Lane lane = run.lane(report.lane());
            lane.take(report.report(), run.rules);
            awaitWindow(run, lane);
        } else if (run.lanes.containsKey(report.lane())) {
            run.lane(report.lane()).forget(report.target());
        }
    }

    @Override
    public void processElement2(StreamRecord<LanedRequest> element) {
        Running run = Objects.requireNonNull(running, "not open");
        Lane lane = run.lane(element.getValue().lane());
        lane.take(element.getValue().report(), run.rules);
        awaitWindow(run, lane);
    }

    private static void awaitWindow(Running run, Lane lane) {
        run.timers.registerEventTimeTimer(VoidNamespace.INSTANCE, lane.nextWindowEndMs());
    }

    @Override
    public void onEventTime(InternalTimer<Integer, VoidNamespace> timer) {
        Running run = Objects.requireNonNull(running, "not open");
        Lane lane = run.lanes.get(timer.getKey());
        if (lane == null) {
            return;
        }
        long watermarkMs = run.timers.currentWatermark();
        long writtenMs = written.throughMs(timer.getKey());
        lane.advance(watermarkMs, run.rules, record -> {
            if (lane.closedMs() > writtenMs) {
                output.collect(run.reused.replace(record, timer.getTimestamp()));
            }
        });
        if (lane.groupCount() > 0 && watermarkMs != Long.MAX_VALUE) {
            awaitWindow(run, lane);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Integer, VoidNamespace> timer) {
        throw new IllegalStateException("nothing asks for processing time");
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        Running run = Objects.requireNonNull(running, "not open");
        for (Map.Entry<Integer, Lane> lane : run.lanes.entrySet()) {
            setCurrentKey(lane.getKey());
            EntryChanges changes = lane.getValue().drainChanges();
            run.entries.apply(changes);
            run.storedBytes.inc(changes.sizeBytes());
        }
        run.groups = run.lanes.values().stream().mapToInt(Lane::groupCount).sum();
        run.targets = run.lanes.values().stream().mapToInt(Lane::targetCount).sum();
    }
}
