package dev.weir.aggregation.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CumulativeSeriesTest {
    private static final long WINDOW_MS = 5_000;
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final BucketLayout ABC = layout(1, 2, INF);

    @Test
    void releasesAnIncrementEvenlyOverTheTimeItTook() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, null, 0);
        series.add(null, new double[] {30}, Double.NaN, Span.of(0, 15_000, 0, WINDOW_MS));
        assertEquals(List.of(10.0, 20.0, 30.0, 30.0), close(series, 4));
    }

    @Test
    void startsWithinAWindowAndEndsWithinAnother() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, null, 0);
        series.add(null, new double[] {150}, Double.NaN, Span.of(2_000, 15_000, 0, WINDOW_MS));
        assertEquals(List.of(30.0, 80.0, 130.0, 150.0, 150.0), close(series, 5));
    }

    @Test
    void neverReleasesIntoAnEmittedWindow() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, null, 20_000);
        series.add(null, new double[] {20}, Double.NaN, Span.of(3_000, 10_000, 20_000, WINDOW_MS));
        assertEquals(List.of(10.0, 20.0), close(series, 2));
    }

    @Test
    void releasesWhatTookTenMinutesWithinOne() {
        assertEquals(new Span(7, 60_000), Span.of(7, 600_000, 0, WINDOW_MS));
        assertEquals(new Span(7, 5_000), Span.of(7, -3, 0, WINDOW_MS));
    }

    @Test
    void keepsIntegersAndRoundsTheRunningTotal() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, null, 0);
        series.add(null, new double[] {2}, Double.NaN, Span.of(0, 15_000, 0, WINDOW_MS));
        assertEquals(List.of(1.0, 1.0, 2.0), close(series, 3));
    }

    @Test
    void splitsASumAsItsCountsAreSplit() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, ABC, 0);
        series.add(ABC, new double[] {1, 0, 1}, 8.5, Span.of(0, 10_000, 0, WINDOW_MS));
        close(series, 1);
        double counts = series.total(0) + series.total(1) + series.total(2);
        assertEquals(8.5 * counts / 2, series.sum());
        close(series, 1);
        assertEquals(8.5, series.sum());
    }

    @Test
    void mergesUnequalLayoutsIntoTheUnionOfTheirBounds() {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, layout(2, INF), 0);
        series.add(layout(2, INF), new double[] {10, 4}, 30, Span.of(0, 5_000, 0, WINDOW_MS));
        close(series, 1);
        series.add(layout(1, 4, INF), new double[] {3, 9, 1}, 12, Span.of(5_000, 5_000, 5_000, WINDOW_MS));
        close(series, 1);
        assertTrue(series.layoutsMixed());
        // (0,1]: half of 10, and 3; (1,2]: half of 10, and a third of 9; (2,4]: two thirds of 9; beyond: 4 and 1.
        assertArrayEquals(new double[] {8, 8, 6, 5}, totals(series));
        assertEquals(42, series.sum());
    }

    @Test
    void goesOnFromItsStoredState() throws IOException {
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, ABC, 0);
        series.add(ABC, new double[] {3, 6, 9}, 12, Span.of(0, 15_000, 0, WINDOW_MS));
        close(series, 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        series.write(new DataOutputStream(bytes));
        CumulativeSeries restored =
                CumulativeSeries.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), WINDOW_MS);
        close(restored, 2);
        assertArrayEquals(new double[] {3, 6, 9}, totals(restored));
        assertEquals(12, restored.sum());
        assertFalse(restored.hasPending());
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void conservesEveryUnitAndNeverFalls(int seed) {
        Random random = new Random(seed);
        CumulativeSeries series = new CumulativeSeries(WINDOW_MS, ABC, 0);
        double added = 0;
        double sumAdded = 0;
        long frontierMs = 0;
        double[] before = new double[4];
        for (int step = 0; step < 200; step++) {
            for (int i = random.nextInt(4); i > 0; i--) {
                BucketLayout from = random.nextInt(50) == 0 ? layout(0.5, 2, INF) : ABC;
                double[] amounts = {random.nextInt(9), random.nextInt(900), random.nextInt(2)};
                long seenMs = frontierMs + random.nextInt(20_000) - 8_000;
                Span span = Span.of(seenMs, random.nextInt(90_000) - 5_000, frontierMs, WINDOW_MS);
                series.add(from, amounts, amounts[0] * 0.25, span);
                added += amounts[0] + amounts[1] + amounts[2];
                sumAdded += amounts[0] * 0.25;
            }
            before = cumulative(series);
            series.closeWindow();
            frontierMs += WINDOW_MS;
            double[] after = cumulative(series);
            for (int i = 0; i < after.length; i++) {
                assertTrue(after[i] >= before[i], "bucket " + i + " fell from " + before[i] + " to " + after[i]);
                assertEquals(Math.rint(after[i]), after[i], "an integer");
            }
        }
        while (series.hasPending()) {
            series.closeWindow();
        }
        double[] last = cumulative(series);
        assertEquals(added, last[last.length - 1]);
        assertEquals(sumAdded, series.sum(), 1e-9 * sumAdded);
    }

    private static double[] cumulative(CumulativeSeries series) {
        double[] cumulative = totals(series);
        for (int i = 1; i < cumulative.length; i++) {
            cumulative[i] += cumulative[i - 1];
        }
        return cumulative;
    }

    private static double[] totals(CumulativeSeries series) {
        BucketLayout layout = series.layout();
        double[] totals = new double[layout == null ? 1 : layout.size()];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = series.total(i);
        }
        return totals;
    }

    private static List<Double> close(CumulativeSeries series, int windows) {
        List<Double> totals = new ArrayList<>();
        for (int i = 0; i < windows; i++) {
            series.closeWindow();
            totals.add(series.total(0));
        }
        return totals;
    }

    private static BucketLayout layout(double... bounds) {
        String[] le = new String[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            le[i] = Double.toString(bounds[i]);
        }
        return new BucketLayout(bounds, le);
    }
}
