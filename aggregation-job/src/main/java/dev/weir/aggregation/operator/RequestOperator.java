package dev.weir.aggregation.operator;

import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.request.RecentIds;
import dev.weir.aggregation.request.RequestReport;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keyed by {@link RecentIds#shard}: lets every request pass once. State: one {@link RecentIds} a shard, at most
 * {@link RecentIds#MAX_IDS} requests, dropped when all of them have expired.
 */
public final class RequestOperator extends KeyedProcessFunction<Integer, RequestReport, LanedRequest> {
    private static final long serialVersionUID = 1;

    private final int lanes;
    private transient @Nullable Running running;

    private record Running(ValueState<RecentIds> recent, Counter duplicates, Counter forgotten) {}

    public RequestOperator(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public void open(OpenContext context) {
        running = new Running(
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("recent-ids", BinarySerializer.OfRecentIds.INSTANCE)),
                getRuntimeContext().getMetricGroup().counter("weir_duplicate_requests_total"),
                getRuntimeContext().getMetricGroup().counter("weir_request_ids_forgotten_total"));
    }

    @Override
    public void processElement(RequestReport report, Context context, Collector<LanedRequest> out) throws Exception {
        Running run = Objects.requireNonNull(running, "not open");
        RecentIds recent = run.recent.value();
        if (recent == null) {
            recent = new RecentIds();
            long heardMs = Math.max(report.appendMs(), context.timerService().currentWatermark());
            context.timerService().registerEventTimeTimer(heardMs + RecentIds.REMEMBERED_MS);
        }
        if (recent.isNew(report.id(), report.appendMs())) {
            out.collect(new LanedRequest(Lane.of(report.project(), report.group(), lanes), report));
        } else {
            run.duplicates.inc();
        }
        run.forgotten.inc(recent.drainForgotten());
        run.recent.update(recent);
    }

    @Override
    public void onTimer(long timestampMs, OnTimerContext context, Collector<LanedRequest> out) throws Exception {
        ValueState<RecentIds> state = Objects.requireNonNull(running, "not open").recent;
        RecentIds recent = state.value();
        if (recent != null && recent.expiresMs() > timestampMs) {
            context.timerService().registerEventTimeTimer(recent.expiresMs());
        } else {
            state.clear();
        }
    }
}
