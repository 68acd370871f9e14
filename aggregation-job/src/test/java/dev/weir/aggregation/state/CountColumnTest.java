package dev.weir.aggregation.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CountColumnTest {
    private static final double LARGEST = 9_007_199_254_740_992.0;

    @Test
    void countsOfBucketsTakeAByteEach() throws IOException {
        double[] values = new double[500];
        Arrays.setAll(values, i -> 1_000_000.0 + i);
        assertTrue(stored(values).length < 520, () -> "bytes: " + stored(values).length);
        assertComesBack(values);
    }

    @Test
    void whateverIsNoExactIntegerComesBackBitForBit() throws IOException {
        assertComesBack();
        assertComesBack(-0.0);
        assertComesBack(0.5, 1);
        assertComesBack(1, Double.NaN);
        assertComesBack(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        assertComesBack(LARGEST, -LARGEST, LARGEST);
        assertComesBack(LARGEST + 2, 9.3e18, -9.3e18, Double.MAX_VALUE, Double.MIN_VALUE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void integersOfAnySizeComeBack(long seed) throws IOException {
        Random random = new Random(seed);
        double[] values = new double[random.nextInt(300)];
        Arrays.setAll(values, i -> (double) (random.nextLong() >> (11 + random.nextInt(53))));
        assertComesBack(values);
    }

    @Test
    void whatIsDamagedIsRefused() {
        byte[] tooLong = stored(1, 2, 3);
        tooLong[4] = 4;
        IOException refused = assertThrows(IOException.class, () -> read(tooLong));
        assertEquals("column of counts: damaged at byte 3 of 3", refused.getMessage());
    }

    private static void assertComesBack(double... values) throws IOException {
        assertArrayEquals(bits(values), bits(read(stored(values))));
    }

    private static long[] bits(double[] values) {
        return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
    }

    private static byte[] stored(double... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CountColumn.write(new DataOutputStream(bytes), values);
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static double[] read(byte[] stored) throws IOException {
        return CountColumn.read(new DataInputStream(new ByteArrayInputStream(stored)));
    }
}
