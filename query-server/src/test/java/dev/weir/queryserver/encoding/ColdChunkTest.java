package dev.weir.queryserver.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColdChunkTest {
    private static final double[] ODD_VALUES = {
        0,
        -0.0,
        Double.NaN,
        StaleMarker.VALUE,
        Double.longBitsToDouble(0x7ff8000000000123L),
        Double.longBitsToDouble(0xfff0000000000001L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1L << 53,
        (1L << 53) + 2,
        -(1L << 53),
        Long.MIN_VALUE,
        1e300,
        1,
        -1
    };

    /** What series look like. */
    private enum Shape {
        COUNTER,
        RARE_COUNTER_WITH_RESETS,
        COUNTER_THAT_ENDS,
        CONSTANT,
        DECIMALS,
        MIXED_DECIMALS,
        SUM,
        SINGLE_PRECISION,
        ODD_VALUES_NOW_AND_THEN,
        ANY_BITS;

        DoubleSupplier values(Random random) {
            double[] state = {random.nextInt(1000), 0};
            return switch (this) {
                case COUNTER -> () -> state[0] += random.nextInt(50);
                case RARE_COUNTER_WITH_RESETS ->
                    () -> state[0] = random.nextInt(200) == 0
                            ? 0
                            : state[0] + (random.nextInt(30) == 0 ? random.nextInt(1_000_000_000) : 0);
                case COUNTER_THAT_ENDS ->
                    () -> (state[0] += random.nextInt(5)) % 60 < 2 ? StaleMarker.VALUE : Math.floor(state[0]);
                case CONSTANT -> () -> state[0];
                case DECIMALS -> () -> random.nextInt(2000) / 1000.0;
                case MIXED_DECIMALS -> () -> random.nextInt(100_000) / Math.pow(10, random.nextInt(17));
                case SUM -> () -> state[0] += Math.exp(random.nextGaussian());
                case SINGLE_PRECISION -> () -> (float) random.nextGaussian();
                case ODD_VALUES_NOW_AND_THEN ->
                    () -> random.nextInt(20) == 0
                            ? ODD_VALUES[random.nextInt(ODD_VALUES.length)]
                            : Math.floor(random.nextDouble() * 100);
                case ANY_BITS -> () -> Double.longBitsToDouble(random.nextLong());
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void givesBackEveryTimeAndEveryBitOfEveryValue(Shape shape) {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            ColdSeries series = series(times(random, lengthOf(random)), shape.values(random));
            byte[] chunk = ColdChunk.encode(series.timesMs(), series.values(), series.count());
            assertSame(List.of(series), new ColdChunkReader(chunk), shape + ", seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesBackEverySeriesOfAGroupInAnyOrderOfReading(long seed) {
        Random random = new Random(seed);
        List<long[]> timeLines = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            timeLines.add(times(random, lengthOf(random)));
        }
        List<ColdSeries> group = new ArrayList<>();
        while (group.size() < 60) {
            long[] times = timeLines.get(random.nextInt(timeLines.size()));
            Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
            ColdSeries series = series(times, shape.values(random));
            group.add(series);
            for (int i = random.nextInt(50); i > 0; i--) {
                series = withMore(series, random);
                group.add(series);
            }
        }
        byte[] chunk = ColdChunk.encode(group);
        assertSame(group, new ColdChunkReader(chunk), "seed " + seed);
        for (int i = 0; i < 20; i++) {
            int place = random.nextInt(group.size());
            assertSame(group.get(place), new ColdChunkReader(chunk), place, "seed " + seed + ", series " + place);
        }
    }

    @Test
    void takesEveryNumberOfSamplesAroundTheSizeOfABlock() {
        for (int count = 1; count <= 2 * Residuals.BLOCK + 2; count++) {
            Random random = new Random(count);
            ColdSeries series = series(times(random, count), Shape.RARE_COUNTER_WITH_RESETS.values(random));
            assertSame(List.of(series), new ColdChunkReader(ColdChunk.encode(List.of(series))), count + " samples");
        }
    }

    @Test
    void takesTimesFromTheLeastToTheGreatest() {
        long[] times = {Long.MIN_VALUE, -1, 0, 1, Long.MAX_VALUE};
        ColdSeries series = new ColdSeries(times, new double[] {1, 2, 3, 4, 5}, 5);
        assertSame(List.of(series), new ColdChunkReader(ColdChunk.encode(List.of(series))), "");
    }

    @Test
    void readsAChunkThatLiesBetweenOtherBytes() {
        Random random = new Random(1);
        ColdSeries series = series(times(random, 300), Shape.SUM.values(random));
        byte[] chunk = ColdChunk.encode(List.of(series));
        byte[] among = new byte[chunk.length + 30];
        random.nextBytes(among);
        System.arraycopy(chunk, 0, among, 10, chunk.length);
        assertSame(List.of(series), new ColdChunkReader(among, 10, 10 + chunk.length), "");
    }

    @Test
    void encodesTheFirstSamplesOfLongerArrays() {
        byte[] chunk = ColdChunk.encode(new long[] {1, 2, 3}, new double[] {4, 5, 6}, 2);
        assertSame(new ColdSeries(new long[] {1, 2}, new double[] {4, 5}, 2), new ColdChunkReader(chunk), 0, "");
    }

    /** 320 samples; what is repeated costs bits, and equal series and times of a group next to nothing. */
    @Test
    void isSmallWhereThereIsLittleToSay() {
        long[] times = new long[320];
        double[] values = new double[320];
        for (int i = 0; i < times.length; i++) {
            times[i] = 1_700_000_000_000L + 15_000L * i;
            values[i] = 7;
        }
        ColdSeries constant = new ColdSeries(times, values, 320);
        assertTrue(ColdChunk.encode(List.of(constant)).length <= 27);
        int one = ColdChunk.encode(List.of(series(times, Shape.SUM.values(new Random(1))))).length;
        assertTrue(one <= 320 * 7);
        List<ColdSeries> same = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            same.add(series(times, Shape.COUNTER.values(new Random(1))));
        }
        int perCopy = (ColdChunk.encode(same).length - ColdChunk.encode(same.subList(0, 1)).length) / 49;
        assertTrue(perCopy <= 9, "bytes of a copy: " + perCopy);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedBytesGiveOtherSamplesOrAClearErrorAndNothingElse(long seed) {
        Random random = new Random(seed);
        List<ColdSeries> group = new ArrayList<>();
        long[] times = times(random, 200);
        for (Shape shape : Shape.values()) {
            group.add(series(times, shape.values(random)));
            group.add(withMore(group.get(group.size() - 1), random));
        }
        byte[] chunk = ColdChunk.encode(group);
        for (int i = 0; i < 3000; i++) {
            byte[] damaged = chunk.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                // Most of the structure lies at the begin.
                int at = random.nextInt(random.nextBoolean() ? 100 : damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
            readAll(random.nextInt(4) == 0 ? Arrays.copyOf(damaged, random.nextInt(damaged.length)) : damaged);
        }
        for (int i = 0; i < 3000; i++) {
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = 1;
            }
            readAll(noise);
        }
    }

    @Test
    void everyTruncationIsAnError() {
        Random random = new Random(1);
        byte[] chunk = ColdChunk.encode(List.of(series(times(random, 300), Shape.SUM.values(random))));
        for (int length = 0; length < chunk.length; length++) {
            byte[] cut = Arrays.copyOf(chunk, length);
            assertThrows(DamagedChunkException.class, () -> new ColdChunkReader(cut));
        }
    }

    @Test
    void refusesWhatIsNoGroup() {
        ColdSeries one = new ColdSeries(new long[1], new double[1], 1);
        assertThrows(IllegalArgumentException.class, () -> ColdChunk.encode(List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> ColdChunk.encode(Collections.nCopies(ColdChunk.MAX_SERIES + 1, one)));
        assertThrows(IllegalArgumentException.class, () -> ColdChunk.encode(new long[2], new double[1], 2));
        assertThrows(IllegalArgumentException.class, () -> ColdChunk.encode(new long[1], new double[1], 0));
        int tooMany = ColdChunk.MAX_SAMPLES + 1;
        assertThrows(
                IllegalArgumentException.class,
                () -> ColdChunk.encode(new long[tooMany], new double[tooMany], tooMany));
    }

    private static void readAll(byte[] bytes) {
        try {
            ColdChunkReader reader = new ColdChunkReader(bytes);
            for (int i = 0; i < reader.seriesCount(); i++) {
                int count = reader.count(i);
                reader.read(i, new long[count], new double[count], 0);
            }
        } catch (DamagedChunkException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("(expected: "), e.getMessage());
        }
    }

    private static void assertSame(List<ColdSeries> group, ColdChunkReader reader, String what) {
        assertEquals(group.size(), reader.seriesCount(), what);
        for (int i = 0; i < group.size(); i++) {
            assertSame(group.get(i), reader, i, what + ", series " + i);
        }
    }

    private static void assertSame(ColdSeries series, ColdChunkReader reader, int place, String what) {
        assertEquals(series.count(), reader.count(place), what);
        long[] times = new long[series.count() + 2];
        double[] values = new double[series.count() + 2];
        reader.read(place, times, values, 1);
        assertArrayEquals(series.timesMs(), Arrays.copyOfRange(times, 1, 1 + series.count()), what);
        assertArrayEquals(bits(series.values()), bits(Arrays.copyOfRange(values, 1, 1 + series.count())), what);
        assertEquals(0, times[0] + times[series.count() + 1], what);
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static int lengthOf(Random random) {
        return 1 + random.nextInt(random.nextBoolean() ? 20 : 500);
    }

    private static long[] times(Random random, int count) {
        long[] times = new long[count];
        long time = random.nextInt(3) == 0 ? random.nextLong() >> 14 : 1_700_000_000_000L;
        int jitterMs = random.nextBoolean() ? 1 : 30;
        int gaps = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            time += random.nextInt(40) < gaps ? 1 + (random.nextLong() >>> 20 >>> random.nextInt(40)) : 15_000;
            times[i] = time + random.nextInt(jitterMs);
        }
        return times;
    }

    private static ColdSeries series(long[] times, DoubleSupplier supplier) {
        double[] values = new double[times.length];
        Arrays.setAll(values, i -> supplier.getAsDouble());
        return new ColdSeries(times, values, times.length);
    }

    /** Another that moves as the first does, and a little besides. */
    private static ColdSeries withMore(ColdSeries series, Random random) {
        double[] more = {0};
        int[] at = {0};
        return series(series.timesMs(), () -> series.values()[at[0]++] + (more[0] += random.nextInt(3) == 0 ? 1 : 0));
    }
}
