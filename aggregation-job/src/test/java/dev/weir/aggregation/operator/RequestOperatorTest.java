package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.aggregation.request.RecentIds;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Tick;
import dev.weir.schemas.Vantage;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // The harness's close declares every exception.
class RequestOperatorTest {
    private static final int KEY_GROUPS = 128;
    private static final long TEN_MINUTES_MS = 600_000;

    @Test
    void letsEveryRequestPassOnce() throws Exception {
        try (Harness harness = new Harness(1, 0)) {
            harness.open();
            harness.tell(7, 1_000);
            harness.tell(8, 2_000);
            harness.tell(7, 3_000);
            harness.tell(7, 1_000 + TEN_MINUTES_MS);
            assertEquals(2, harness.extractOutputValues().size());
            harness.tell(7, 1_001 + TEN_MINUTES_MS);
            assertEquals(3, harness.extractOutputValues().size());
        }
    }

    @Test
    void remembersNothingTenMinutesAfterTheLastRequest() throws Exception {
        try (Harness harness = new Harness(1, 0)) {
            harness.open();
            harness.tell(7, 1_000);
            harness.tell(8, 300_000);
            harness.processWatermark(TEN_MINUTES_MS + 5_000);
            assertEquals(1, harness.numKeyedStateEntries());
            assertEquals(1, harness.numEventTimeTimers());
            harness.processWatermark(300_000 + TEN_MINUTES_MS);
            assertEquals(0, harness.numKeyedStateEntries());
            assertEquals(0, harness.numEventTimeTimers());
        }
    }

    @Test
    void remembersAcrossARestartWithTwiceTheParallelism() throws Exception {
        List<Long> ids = new ArrayList<>();
        for (long shard = 0; shard < RecentIds.SHARDS; shard += 3) {
            ids.add(shard << 32 | 5);
        }
        OperatorSubtaskState state;
        try (Harness harness = new Harness(1, 0)) {
            harness.open();
            for (long id : ids) {
                harness.tell(id, 1_000);
            }
            state = harness.snapshot(1, 1);
        }
        int taken = 0;
        for (int subtask = 0; subtask < 2; subtask++) {
            try (Harness harness = new Harness(2, subtask)) {
                harness.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(state, KEY_GROUPS, 1, 2, subtask));
                harness.open();
                taken += harness.numKeyedStateEntries();
            }
        }
        assertEquals(ids.size(), taken);
        try (Harness harness = new Harness(1, 0)) {
            harness.initializeState(state);
            harness.open();
            for (long id : ids) {
                harness.tell(id, 2_000);
            }
            assertEquals(0, harness.extractOutputValues().size());
        }
    }

    @Test
    void theRouterReadsRequestsSwallowsTicksAndBuriesTheRest() throws Exception {
        RequestEvent.Builder event = RequestEvent.newBuilder()
                .setRequestId("r")
                .setProject("p")
                .setModel("m")
                .setVantage(Vantage.ENGINE)
                .setStatus(RequestStatus.OK)
                .setStartMs(5)
                .setEndMs(10);
        try (RouterHarness harness = new RouterHarness()) {
            harness.open();
            harness.take(new EventCodec<>(RequestEvent.class).encode(event.build()));
            harness.take(new EventCodec<>(Tick.class).encode(new Tick("s", 1L)));
            assertNull(harness.getSideOutput(EventRouter.DEAD_LETTERS));
            assertEquals(0.005, harness.extractOutputValues().get(0).durationSeconds());
            assertEquals(77, harness.extractOutputValues().get(0).appendMs());
            harness.take(new EventCodec<>(RequestEvent.class)
                    .encode(event.setEndMs(4).build()));
            harness.take(new byte[] {9});
            assertEquals(1, harness.extractOutputValues().size());
            assertEquals(
                    "RequestEvent: end_ms: 4 with start_ms: 5 (expected: not before the start, and at most 604800 s after it)",
                    harness.letter().getReason());
            assertEquals("weir.requests", harness.letter().getTopic());
        }
    }

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<Integer, RequestReport, LanedRequest> {
        Harness(int parallelism, int subtask) throws Exception {
            super(
                    new KeyedProcessOperator<>(new RequestOperator(8)),
                    report -> RecentIds.shard(report.id()),
                    Types.INT,
                    KEY_GROUPS,
                    parallelism,
                    subtask);
        }

        void tell(long id, long appendMs) throws Exception {
            processElement(
                    new RequestReport(
                            id, "p", Labels.EMPTY, appendMs, false, -1, -1, -1, 1, Double.NaN, Double.NaN, null),
                    appendMs);
        }
    }

    private static final class RouterHarness extends OneInputStreamOperatorTestHarness<InboundRecord, RequestReport> {
        RouterHarness() throws Exception {
            super(new ProcessOperator<>(new RequestRouter()));
        }

        void take(byte[] value) throws Exception {
            processElement(new InboundRecord("weir.requests", 3, 42, 77, new byte[0], value), 77);
        }

        DeadLetter letter() throws Exception {
            return new EventCodec<>(DeadLetter.class)
                    .decode(getSideOutput(EventRouter.DEAD_LETTERS).remove().getValue());
        }
    }
}
