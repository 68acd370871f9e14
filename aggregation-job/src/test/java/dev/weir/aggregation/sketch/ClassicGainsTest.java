package dev.weir.aggregation.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicGainsTest {
    private static final double INF = Double.POSITIVE_INFINITY;
    private static final BucketLayout COARSE =
            new BucketLayout(new double[] {1, 10, INF}, new String[] {"1", "10", "+Inf"});
    private static final BucketLayout FINE =
            new BucketLayout(new double[] {0.5, 1, 4, INF}, new String[] {"0.5", "1", "4", "+Inf"});

    @Test
    void tellsWhatEachWindowBrought() {
        CumulativeSeries histogram = new CumulativeSeries(5_000, COARSE, 0);
        ClassicGains gains = new ClassicGains();
        assertNull(gains.drain(histogram));
        histogram.add(COARSE, new double[] {90, 10, 0}, 60, new Span(0, 5_000));
        histogram.closeWindow();
        Distribution first = Objects.requireNonNull(gains.drain(histogram));
        assertEquals(100, first.sketch().count());
        assertEquals(60, first.sketch().sum());
        Quantiles.Estimate p99 = Objects.requireNonNull(first.quantiles().at(990));
        assertEquals(1, p99.lower());
        assertEquals(10, p99.upper());
        assertEquals(0, Objects.requireNonNull(first.quantiles().at(900)).lower());
        histogram.closeWindow();
        assertNull(gains.drain(histogram), "nothing came");
        histogram.add(COARSE, new double[] {0, 0, 4}, 99, new Span(10_000, 5_000));
        histogram.closeWindow();
        Distribution third = Objects.requireNonNull(gains.drain(histogram));
        assertEquals(4, third.sketch().count());
        assertEquals(99, third.sketch().sum());
        Quantiles.Estimate median = Objects.requireNonNull(third.quantiles().at(500));
        assertEquals(10, median.value(), 0.11);
        assertEquals(10, median.lower());
        assertEquals(INF, median.upper());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void comesToWhatTheHistogramHoldsWhateverItsLayouts(long seed) throws IOException {
        Random random = new Random(seed);
        CumulativeSeries histogram = new CumulativeSeries(5_000, COARSE, 0);
        ClassicGains gains = new ClassicGains();
        double told = 0;
        double given = 0;
        for (int window = 0; window < 200; window++) {
            BucketLayout layout = window < 50 || random.nextBoolean() ? COARSE : FINE;
            double[] amounts = new double[layout.size()];
            for (int i = 0; i < amounts.length; i++) {
                amounts[i] = random.nextInt(20);
                given += amounts[i];
            }
            histogram.add(layout, amounts, 1, new Span(window * 5_000L, 5_000));
            histogram.closeWindow();
            Distribution gained = gains.drain(histogram);
            told += gained == null ? 0 : gained.sketch().count();
            if (window % 20 == 0) {
                gains = stored(gains);
            }
        }
        // Rounding may hold a unit of some bucket back for a while.
        assertEquals(given, told, 5, "seed " + seed);
        assertTrue(histogram.layoutsMixed());
    }

    private static ClassicGains stored(ClassicGains gains) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        gains.write(new DataOutputStream(bytes));
        return ClassicGains.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
