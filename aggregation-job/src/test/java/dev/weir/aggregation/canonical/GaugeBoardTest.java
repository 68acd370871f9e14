package dev.weir.aggregation.canonical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GaugeBoardTest {
    private static final Labels QUEUE = Labels.of("__name__", "queue");
    private static final long WINDOW_MS = 5_000;

    @Test
    void anAggregationThatChangedCountsForStoredBoardsToo() throws IOException {
        GaugeBoard board = new GaugeBoard();
        take(board, "a", GaugeAggregation.SUM, 3, 5_000);
        take(board, "b", GaugeAggregation.SUM, 4, 5_000);
        assertEquals(Map.of(QUEUE, 7.0), board.closeWindow(5_000, WINDOW_MS));

        GaugeBoard restored = restored(board);
        take(restored, "a", GaugeAggregation.MAX, 3, 10_000);
        take(restored, "b", GaugeAggregation.MAX, 4, 10_000);
        assertEquals(Map.of(QUEUE, 4.0), restored.closeWindow(10_000, WINDOW_MS));
    }

    @Test
    void pagesThatDisagreeGoByTheFirstReplicaWhicheverCameFirst() {
        GaugeBoard board = new GaugeBoard();
        take(board, "b", GaugeAggregation.SUM, 4, 5_000);
        take(board, "a", GaugeAggregation.MAX, 3, 5_000);
        assertEquals(Map.of(QUEUE, 4.0), board.closeWindow(5_000, WINDOW_MS));
    }

    private static void take(
            GaugeBoard board, String replica, GaugeAggregation aggregation, double value, long windowEndMs) {
        GaugeBoard.Page page = new GaugeBoard.Page();
        page.add(QUEUE, aggregation, value);
        board.take(replica, page, windowEndMs);
        board.expect(replica, windowEndMs + 20_000);
    }

    private static GaugeBoard restored(GaugeBoard board) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        board.write(new DataOutputStream(bytes));
        return GaugeBoard.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
