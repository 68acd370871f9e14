package dev.weir.aggregation.sketch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.ExponentialBins;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SketchTest {
    @Test
    void countsEachObservationInItsBin() {
        Sketch sketch = of(1, 1, 2, 1.5, 0, Sketch.ZERO_THRESHOLD, Double.MIN_VALUE, -0.0, Math.nextUp(1.0));
        assertEquals(new TreeMap<>(Map.of(0, 2.0, 1, 1.0, 19, 1.0, 32, 1.0)), bins(sketch));
        assertEquals(4, sketch.zeroCount());
        assertEquals(9, sketch.count());
        assertEquals(6.5, sketch.sum(), 1e-12);
        Sketch extremes = of(Double.MAX_VALUE, Double.POSITIVE_INFINITY);
        assertEquals(
                new TreeMap<>(Map.of(ExponentialBins.INFINITE - 1, 1.0, ExponentialBins.INFINITE, 1.0)),
                bins(extremes));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -Double.MIN_VALUE, Double.NEGATIVE_INFINITY, Double.NaN})
    void refusesWhatIsNoLatency(double value) {
        Sketch sketch = new Sketch();
        String message = assertThrows(IllegalArgumentException.class, () -> sketch.add(value))
                .getMessage();
        assertEquals("observation: " + value + " (expected: >= 0)", message);
        assertTrue(sketch.isEmpty());
    }

    @Test
    void refusesCountsThatAreNone() {
        Sketch sketch = new Sketch();
        for (double times : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> sketch.addToBin(3, times));
        }
        assertThrows(IllegalArgumentException.class, () -> sketch.addToBin(ExponentialBins.INFINITE + 1, 1));
        sketch.addToBin(Integer.MIN_VALUE, 1);
        assertEquals(1, sketch.zeroCount());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void mergesAssociativelyAndCommutatively(long seed) throws IOException {
        Random random = new Random(seed);
        // Odd seeds fall into more octaves than a sketch keeps.
        int spread = seed % 2 == 0 ? 20 : 400;
        for (int round = 0; round < 50; round++) {
            Sketch[] parts = new Sketch[3];
            Sketch whole = new Sketch();
            for (int i = 0; i < parts.length; i++) {
                parts[i] = new Sketch();
                for (int k = random.nextInt(200); k > 0; k--) {
                    double value =
                            random.nextInt(50) == 0 ? 0 : Math.scalb(1 + random.nextDouble(), random.nextInt(spread));
                    // Whole sums are exact in any order.
                    parts[i].addCount(value, 1);
                    whole.addCount(value, 1);
                }
            }
            Sketch left = merged(merged(parts[0], parts[1]), parts[2]);
            Sketch right = merged(parts[0], merged(parts[1], parts[2]));
            Sketch turned = merged(merged(parts[2], parts[1]), parts[0]);
            for (Sketch one : new Sketch[] {left, right, turned}) {
                assertArrayEquals(encode(whole), encode(one), "seed " + seed);
            }
        }
    }

    @Test
    void joinsTheLowestOctavesToZeroWhereThereAreTooMany() {
        Sketch sketch = new Sketch();
        for (int exponent = 0; exponent < Sketch.MAX_OCTAVES + 10; exponent++) {
            sketch.add(Math.scalb(1.5, exponent));
        }
        assertEquals(10, sketch.zeroCount());
        assertEquals(1024, sketch.zeroThreshold());
        assertEquals(Sketch.MAX_OCTAVES, bins(sketch).size());
        sketch.add(3);
        assertEquals(11, sketch.zeroCount());
        assertEquals(Sketch.MAX_OCTAVES + 11, sketch.count());
        Quantiles.Estimate low = Quantiles.ofBins(sketch).at(100);
        assertEquals(new Quantiles.Estimate(0, 0, 1024), low);
    }

    @Test
    void oneOutlierTakesNothingFromTheOthers() {
        Sketch sketch = of(Samples.constant(1_000, 0.25));
        sketch.add(1e300);
        assertEquals(0, sketch.zeroCount());
        assertEquals(
                0.25, Objects.requireNonNull(Quantiles.ofBins(sketch).at(990)).upper());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void estimatesQuantilesOfEventsWithinElevenPerMille(long seed) {
        Random random = new Random(seed);
        assertQuantiles(seed, Samples.lognormal(random, 20_000, 0.2, 1));
        assertQuantiles(seed, Samples.lognormal(random, 1_003, 30, 2.5));
        assertQuantiles(seed, Samples.bimodal(random, 5_000, 0.05, 12));
        assertQuantiles(seed, Samples.constant(777, random.nextDouble()));
        assertQuantiles(seed, Samples.constant(1, 1e-9 + random.nextDouble()));
        assertQuantiles(seed, Samples.pareto(random, 10_000, 0.01, 0.8));
        assertQuantiles(seed, Samples.draw(3_000, () -> 1 + random.nextInt(100_000)));
    }

    private static void assertQuantiles(long seed, double[] values) {
        Quantiles quantiles = Quantiles.ofBins(of(values));
        for (int perMille : Samples.PER_MILLE) {
            double truth = Samples.quantile(values, perMille);
            Quantiles.Estimate estimate = Objects.requireNonNull(quantiles.at(perMille));
            String message = "seed " + seed + ", " + perMille + ": " + estimate + " of " + truth;
            assertEquals(1, estimate.value() / truth, 0.011, message);
            assertTrue(estimate.lower() < truth && truth <= estimate.upper(), message);
        }
    }

    @Test
    void storedFormKeepsEverything() throws IOException {
        Random random = new Random(1);
        Sketch sketch = of(Samples.lognormal(random, 1_000, 0.5, 1));
        sketch.addToBin(-77, 0.125);
        sketch.addToBin(-78, 0x1p60);
        sketch.add(0);
        Sketch read = decode(encode(sketch));
        assertArrayEquals(encode(sketch), encode(read));
        assertEquals(bins(sketch), bins(read));
        assertEquals(sketch.sum(), read.sum());
        assertEquals(1, read.count() / sketch.count(), 1e-15);
    }

    @Test
    void storedFormStaysAsItIs() throws IOException {
        Sketch sketch = of(1, 1, 2, 0);
        sketch.addToBin(40, 0.5);
        String stored = "01" + "ffffff80" + "3ff0000000000000" + "4010000000000000" + "00000003" + "802002" + "2001"
                + "08003fe0000000000000";
        assertEquals(stored, HexFormat.of().formatHex(encode(sketch)));
        assertEquals(bins(sketch), bins(decode(HexFormat.of().parseHex(stored))));
    }

    @Test
    void refusesAnotherVersion() {
        String message =
                assertThrows(IOException.class, () -> decode(new byte[] {9})).getMessage();
        assertEquals("sketch version: 9 (expected: 1; a newer Weir wrote it)", message);
    }

    static Sketch of(double... values) {
        Sketch sketch = new Sketch();
        for (double value : values) {
            sketch.add(value);
        }
        return sketch;
    }

    static NavigableMap<Integer, Double> bins(Sketch sketch) {
        TreeMap<Integer, Double> bins = new TreeMap<>();
        sketch.forEachBin(bins::put);
        return bins;
    }

    private static Sketch merged(Sketch a, Sketch b) {
        Sketch merged = new Sketch();
        merged.merge(a);
        merged.merge(b);
        return merged;
    }

    static byte[] encode(Sketch sketch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SketchCodec.write(sketch, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static Sketch decode(byte[] bytes) throws IOException {
        return SketchCodec.read(new DataInputStream(new ByteArrayInputStream(bytes)));
    }
}
