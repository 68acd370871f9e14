package dev.weir.aggregation.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.series.ExponentialBins;
import dev.weir.series.StaleMarker;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeHistogramsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aReceiverReadsTheBinsThatTheSketchHolds(long seed) {
        Random random = new Random(seed);
        Sketch sketch = SketchTest.of(Samples.lognormal(random, 500, 0.1, 3));
        sketch.add(0);
        Histogram message = NativeHistograms.of(sketch, 7_000);
        assertEquals(SketchTest.bins(sketch), read(message));
        assertEquals(501, message.getCountInt());
        assertEquals(1, message.getZeroCountInt());
        assertEquals(5, message.getSchema());
        assertEquals(Sketch.ZERO_THRESHOLD, message.getZeroThreshold());
        assertEquals(sketch.sum(), message.getSum());
        assertEquals(7_000, message.getTimestamp());
        sketch.addToBin(3, 0.5);
        Histogram floats = NativeHistograms.of(sketch, 7_000);
        assertEquals(SketchTest.bins(sketch), read(floats));
        assertEquals(501.5, floats.getCountFloat());
    }

    @Test
    void endsWithAStaleSum() {
        assertTrue(StaleMarker.isStale(NativeHistograms.stale(1).getSum()));
        assertEquals(0, NativeHistograms.beforeFirst(new Sketch(), 1).getCountInt());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void quantilesByPromqlsFormulaAreWithinTwentyTwoPerMille(long seed) {
        Random random = new Random(seed);
        assertQuantiles(seed, Samples.lognormal(random, 20_000, 0.2, 1));
        assertQuantiles(seed, Samples.bimodal(random, 5_000, 0.05, 12));
        assertQuantiles(seed, Samples.constant(777, random.nextDouble()));
    }

    private static void assertQuantiles(long seed, double[] values) {
        Histogram message = NativeHistograms.of(SketchTest.of(values), 0);
        for (int perMille : Samples.PER_MILLE) {
            double truth = Samples.quantile(values, perMille);
            double answer = histogramQuantile(perMille / 1000.0, message);
            assertEquals(1, answer / truth, 0.022, "seed " + seed + ", " + perMille + ": " + answer + " of " + truth);
        }
    }

    /** The documented interpolation: exponential between the bounds of the bucket in which the rank falls. */
    private static double histogramQuantile(double q, Histogram message) {
        double rank = q * message.getCountInt();
        double below = 0;
        for (Map.Entry<Integer, Double> bin : read(message).entrySet()) {
            if (below + bin.getValue() >= rank) {
                double lower = ExponentialBins.upper(bin.getKey() - 1);
                double upper = ExponentialBins.upper(bin.getKey());
                return lower * Math.pow(upper / lower, (rank - below) / bin.getValue());
            }
            below += bin.getValue();
        }
        return Double.NaN;
    }

    /** As the remote-write specification has spans, deltas and counts. */
    static NavigableMap<Integer, Double> read(Histogram message) {
        TreeMap<Integer, Double> bins = new TreeMap<>();
        int index = 0;
        int place = 0;
        long absolute = 0;
        for (BucketSpan span : message.getPositiveSpansList()) {
            index += span.getOffset();
            for (int i = 0; i < span.getLength(); i++) {
                double count;
                if (message.getPositiveCountsCount() > 0) {
                    count = message.getPositiveCounts(place);
                } else {
                    absolute += message.getPositiveDeltas(place);
                    count = absolute;
                }
                if (count != 0) {
                    bins.put(index, count);
                }
                place++;
                index++;
            }
        }
        return bins;
    }
}
