package dev.weir.queryserver.store.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.series.StaleMarker;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatChunkTest {
    private static final double[] ODD_VALUES = {
        0,
        -0.0,
        Double.NaN,
        StaleMarker.VALUE,
        Double.longBitsToDouble(0x7ff8000000000123L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        1,
        -1
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesBackEveryTimeAndEveryBitOfEveryValue(long seed) {
        Random random = new Random(seed);
        FloatAppender appender = new FloatAppender();
        long[] times = new long[Chunk.MAX_SAMPLES];
        double[] values = new double[Chunk.MAX_SAMPLES];
        long time = random.nextLong() >> 14;
        double value = 0;
        for (int i = 0; i < times.length; i++) {
            time += random.nextInt(5) == 0 ? 1 + (random.nextLong() >>> 20 >>> random.nextInt(40)) : 5000;
            value = switch (random.nextInt(4)) {
                case 0 -> ODD_VALUES[random.nextInt(ODD_VALUES.length)];
                case 1 -> Double.longBitsToDouble(random.nextLong());
                case 2 -> value;
                default -> Math.floor(random.nextDouble() * 1e6);
            };
            times[i] = time;
            values[i] = value;
            appender.append(time, value);
        }
        for (Chunk chunk : new Chunk[] {appender.soFar(time), appender.sealed(time)}) {
            SampleColumns read = new SampleColumns();
            chunk.read(Long.MIN_VALUE, Long.MAX_VALUE, read);
            assertEquals(times.length, read.size());
            for (int i = 0; i < times.length; i++) {
                assertEquals(times[i], read.timestampMs(i));
                assertEquals(Double.doubleToRawLongBits(values[i]), Double.doubleToRawLongBits(read.value(i)));
            }
        }
    }

    @Test
    void keepsShowingWhatItShowedWhileTheAppenderGoesOn() {
        FloatAppender appender = new FloatAppender();
        appender.append(1000, 1);
        appender.append(2000, 2.5);
        FloatChunk early = appender.soFar(2000);
        for (int i = 3; i <= Chunk.MAX_SAMPLES; i++) {
            appender.append(i * 1000L, Math.sqrt(i));
        }
        SampleColumns read = new SampleColumns();
        early.read(0, Long.MAX_VALUE, read);
        assertEquals(2, read.size());
        assertEquals(2.5, read.value(1));
    }

    @Test
    void readsOnlyTheTimesAskedFor() {
        FloatAppender appender = new FloatAppender();
        for (int i = 1; i <= 10; i++) {
            appender.append(i * 1000L, i);
        }
        SampleColumns read = new SampleColumns();
        appender.sealed(10_000).read(3000, 5999, read);
        assertEquals(3, read.size());
        assertEquals(3, read.value(0));
        assertEquals(5, read.value(2));
    }

    @Test
    void takesAboutAByteForASampleOfACounterThatRisesUnevenly() {
        Random random = new Random(1);
        FloatAppender appender = new FloatAppender();
        double value = 0;
        for (int i = 0; i < Chunk.MAX_SAMPLES; i++) {
            value += random.nextInt(32);
            appender.append(1_700_000_000_000L + i * 5000L, value);
        }
        assertEquals(true, appender.sealed(1_700_001_195_000L).bytes().length < 1.1 * Chunk.MAX_SAMPLES);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 32})
    void samplesThatAreTooFewForABlockTakeFourBytesEachAtMost(int packed) {
        Random random = new Random(2);
        FloatAppender appender = new FloatAppender();
        double value = 1e12;
        int before = 0;
        for (int i = 0; i < packed + 15; i++) {
            before = i == packed ? appender.allocatedBytes() : before;
            value += random.nextInt(16);
            appender.append(1_700_000_000_000L + i * 5000L + random.nextInt(20), value);
        }
        int bytes = appender.allocatedBytes() - before;
        assertEquals(true, bytes <= 15 * 4 + 7, bytes + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 16, 17, 31, 32, 33, 100})
    void showsAsMuchAsItHadAtEachMoment(int count) {
        FloatAppender appender = new FloatAppender();
        FloatChunk[] seen = new FloatChunk[count];
        for (int i = 0; i < count; i++) {
            appender.append(timeMs(i), i % 5 == 4 ? i + 0.25 : i * 7);
            seen[i] = appender.soFar(timeMs(i));
        }
        for (int shown = 1; shown <= count; shown++) {
            assertShows(seen[shown - 1], shown);
            assertShows(appender.soFar(timeMs(count - 1)).first(shown), shown);
            assertShows(appender.sealed(timeMs(count - 1)).first(shown), shown);
        }
    }

    private static void assertShows(FloatChunk chunk, int count) {
        SampleColumns read = new SampleColumns();
        chunk.read(Long.MIN_VALUE, Long.MAX_VALUE, read);
        assertEquals(count, read.size());
        for (int i = 0; i < count; i++) {
            assertEquals(timeMs(i), read.timestampMs(i));
            assertEquals(i % 5 == 4 ? i + 0.25 : i * 7, read.value(i));
        }
    }

    private static long timeMs(int index) {
        return 1000L + index * 15_000L + index % 3;
    }
}
