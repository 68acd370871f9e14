package dev.weir.aggregation.operator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.Tick;
import java.util.Arrays;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // The harness's close declares every exception.
class EventRouterTest {
    private static final byte[] TICK = new EventCodec<>(Tick.class).encode(new Tick("s", 1L));

    @Test
    void sendsScrapesToTheirTargets() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.take(Scrapes.encoded(15, 3));
            RoutedScrape routed = harness.extractOutputValues().get(0);
            assertEquals("p\nj\nhttp://127.0.0.1:1/metrics", routed.target());
            assertEquals(77, routed.appendMs());
        }
    }

    @Test
    void swallowsTicks() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.take(TICK);
            assertEquals(0, harness.extractOutputValues().size());
            assertNull(harness.getSideOutput(EventRouter.DEAD_LETTERS));
        }
    }

    @Test
    void buriesWhatItCannotReadWithItsPlaceAndBytes() throws Exception {
        byte[] damagedTick = Arrays.copyOf(TICK, TICK.length - 1);
        byte[] scrape = Scrapes.encoded(15, 3);
        for (byte[] garbage : new byte[][] {new byte[0], {1, 2, 3}, damagedTick, Arrays.copyOf(scrape, 30)}) {
            try (Harness harness = new Harness()) {
                harness.open();
                harness.take(garbage);
                assertEquals(0, harness.extractOutputValues().size());
                DeadLetter letter = harness.letter();
                assertEquals("weir.scrapes", letter.getTopic());
                assertEquals(3, letter.getPartition());
                assertEquals(42L, letter.getOffset());
                assertArrayEquals(garbage, letter.getValue().array());
            }
        }
    }

    @Test
    void countsWhatExpiredBeforeItWasReadOverRestores() throws Exception {
        OperatorSubtaskState state;
        try (Harness harness = new Harness()) {
            harness.open();
            harness.take(7, TICK);
            harness.take(8, TICK);
            assertEquals(0, harness.expired());
            harness.take(10, TICK);
            assertEquals(0, harness.expired(), "the end of a transaction");
            state = harness.snapshot(1, 1);
        }
        try (Harness harness = new Harness()) {
            harness.initializeState(state);
            harness.open();
            harness.take(111, TICK);
            assertEquals(100, harness.expired());
        }
    }

    @Test
    void countsWhatExpiredOfTheRequests() throws Exception {
        RequestRouter router = new RequestRouter();
        try (var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(router))) {
            harness.open();
            for (long offset : new long[] {7, 108}) {
                harness.processElement(new InboundRecord("weir.requests", 0, offset, 77, new byte[0], TICK), 77);
            }
            assertEquals(100, router.expired());
        }
    }

    @Test
    void cutsWhatNoDeadLetterCouldHold() throws Exception {
        try (Harness harness = new Harness()) {
            harness.open();
            harness.take(new byte[(48 << 20) + 7]);
            DeadLetter letter = harness.letter();
            assertEquals(48 << 20, letter.getValue().remaining());
            assertTrue(letter.getReason().contains((48 << 20) + 7 + " bytes"), letter.getReason());
        }
    }

    private static final class Harness extends OneInputStreamOperatorTestHarness<InboundRecord, RoutedScrape> {
        Harness() throws Exception {
            super(new ProcessOperator<>(new EventRouter()));
        }

        void take(byte[] value) throws Exception {
            take(42, value);
        }

        void take(long offset, byte[] value) throws Exception {
            processElement(new InboundRecord("weir.scrapes", 3, offset, 77, new byte[0], value), 77);
        }

        long expired() {
            return ((EventRouter) ((ProcessOperator<?, ?>) getOperator()).getUserFunction()).expired();
        }

        DeadLetter letter() throws Exception {
            return new EventCodec<>(DeadLetter.class)
                    .decode(getSideOutput(EventRouter.DEAD_LETTERS).remove().getValue());
        }
    }
}
