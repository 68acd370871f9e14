package dev.weir.series;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialBinsTest {
    /** Schema 5 as Prometheus' model/histogram/generic.go has it. */
    private static final double[] BOUNDS = {
        0.5, 0.5109485743270583, 0.5221368912137069, 0.5335702003384117,
        0.5452538663326288, 0.5571933712979462, 0.5693943173783458, 0.5818624293887887,
        0.5946035575013605, 0.6076236799902344, 0.620928906036742, 0.6345254785958666,
        0.6484197773255048, 0.6626183215798706, 0.6771277734684463, 0.6919549409819159,
        0.7071067811865475, 0.7225904034885232, 0.7384130729697496, 0.7545822137967112,
        0.7711054127039704, 0.7879904225539431, 0.805245165974627, 0.8228777390769823,
        0.8408964152537144, 0.8593096490612387, 0.8781260801866495, 0.8973545375015533,
        0.9170040432046711, 0.9370838170551498, 0.9576032806985735, 0.9785720620876999
    };

    /** As the Go client counts: frexp, the first bound that is not below the fraction, 32 for each power of two. */
    private static int definition(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return definition(Double.MAX_VALUE) + 1;
        }
        double fraction = value;
        int exponent = 0;
        while (fraction >= 1) {
            fraction /= 2;
            exponent++;
        }
        while (fraction < 0.5) {
            fraction *= 2;
            exponent--;
        }
        int place = Arrays.binarySearch(BOUNDS, fraction);
        return (place < 0 ? -1 - place : place) + (exponent - 1) * 32;
    }

    @Test
    void agreesWithPrometheusOnEveryBoundAndItsNeighbours() {
        for (int index = -1100 * 32; index <= 1024 * 32; index++) {
            double bound = ExponentialBins.upper(index);
            if (bound > 0) {
                for (double value : new double[] {Math.nextDown(bound), bound, Math.nextUp(bound)}) {
                    if (value > 0) {
                        assertEquals(definition(value), ExponentialBins.index(value), () -> "value " + value);
                    }
                }
            }
        }
    }

    @Test
    void agreesWithPrometheusOnPowersOfTwoAndIntegers() {
        for (int exponent = -1074; exponent < 1024; exponent++) {
            assertEquals(32 * exponent, ExponentialBins.index(Math.scalb(1.0, exponent)));
        }
        for (int value = 1; value <= 100_000; value++) {
            assertEquals(definition(value), ExponentialBins.index(value));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void holdsEveryValueBetweenItsBounds(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100_000; round++) {
            // Subnormal bounds are rounded and tell no values apart.
            double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
            if (Double.isFinite(value) && value >= Double.MIN_NORMAL) {
                int index = ExponentialBins.index(value);
                assertEquals(definition(value), index);
                assertTrue(ExponentialBins.upper(index - 1) < value && value <= ExponentialBins.upper(index));
                assertEquals(1, ExponentialBins.middle(index) / value, 0.011);
            }
        }
    }

    @Test
    void tellsPrometheusBoundsToTheBit() {
        for (int k = 0; k < 32; k++) {
            assertEquals(BOUNDS[k] * 2, ExponentialBins.upper(k));
            assertEquals(BOUNDS[k] * 8, ExponentialBins.upper(64 + k));
            assertEquals(BOUNDS[k] / 8, ExponentialBins.upper(-128 + k));
        }
        assertEquals(Double.MAX_VALUE, ExponentialBins.upper(1024 * 32));
    }

    @Test
    void givesInfinityABinOfItsOwn() {
        assertEquals(ExponentialBins.INFINITE - 1, ExponentialBins.index(Double.MAX_VALUE));
        assertEquals(ExponentialBins.INFINITE, ExponentialBins.index(Double.POSITIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, ExponentialBins.upper(ExponentialBins.INFINITE));
        assertEquals(Double.POSITIVE_INFINITY, ExponentialBins.middle(ExponentialBins.INFINITE));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, -1, -Double.MIN_VALUE, Double.NEGATIVE_INFINITY, Double.NaN})
    void refusesWhatHasNoBin(double value) {
        String message = assertThrows(IllegalArgumentException.class, () -> ExponentialBins.index(value))
                .getMessage();
        assertEquals("value: " + value + " (expected: > 0)", message);
    }
}
