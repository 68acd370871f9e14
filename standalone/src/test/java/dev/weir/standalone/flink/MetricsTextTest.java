package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class MetricsTextTest {
    @Test
    void rendersTypesLabelsAndNumbers() {
        SimpleCounter counter = new SimpleCounter();
        counter.inc(7);
        Gauge<Object> number = () -> 1.5;
        Gauge<Object> truth = () -> true;
        Gauge<Object> text = () -> "no number";
        Gauge<Object> infinite = () -> Double.POSITIVE_INFINITY;
        Gauge<Object> failing = () -> {
            throw new IllegalStateException("the task is gone");
        };
        Map<Metric, MetricsText.Head> metrics = new LinkedHashMap<>();
        metrics.put(
                counter, new MetricsText.Head("weir_x_total", MetricsText.labels(new TreeMap<>(Map.of("a", "q\"\\")))));
        metrics.put(number, new MetricsText.Head("b", ""));
        metrics.put(truth, new MetricsText.Head("c", ""));
        metrics.put(text, new MetricsText.Head("d", ""));
        metrics.put(infinite, new MetricsText.Head("e", ""));
        metrics.put(failing, new MetricsText.Head("f", ""));
        assertEquals("""
                # TYPE b gauge
                b 1.5
                # TYPE c gauge
                c 1.0
                # TYPE e gauge
                e +Inf
                # TYPE weir_x_total counter
                weir_x_total{a="q\\"\\\\"} 7.0
                """, MetricsText.render(metrics));
    }

    @Test
    void namesAndLabelsAreValid() {
        assertEquals("flink_a_b_c", MetricsText.validName("flink.a-b c"));
        assertEquals("a=\"x y\"", MetricsText.labels(new TreeMap<>(Map.of("a", "x\0y"))));
    }
}
