package dev.weir.aggregation.sketch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.release.BucketLayout;
import dev.weir.aggregation.release.CumulativeSeries;
import dev.weir.aggregation.release.Span;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClassicSketchTest {
    private static final BucketLayout LAYOUT =
            new BucketLayout(new double[] {1, 10, Double.POSITIVE_INFINITY}, new String[] {"1", "10", "+Inf"});

    @Test
    void leavesAsAHistogramAndQuantilesThatEndWithTheObservations() throws IOException {
        CumulativeSeries histogram = new CumulativeSeries(5_000, LAYOUT, 0);
        ClassicSketch sketch =
                new ClassicSketch(Labels.of(Labels.METRIC_NAME, "inference_time_to_first_token_seconds", "m", "x"));
        histogram.closeWindow();
        assertEquals(new TreeMap<>(), window(sketch, histogram, 5_000), "nothing was observed");
        histogram.add(LAYOUT, new double[] {90, 10, 0}, 60, new Span(5_000, 5_000));
        histogram.closeWindow();
        Map<String, String> first = window(sketch, histogram, 10_000);
        assertEquals("0/0.0@5000 100/60.0@10000", first.get("inference_time_to_first_token_seconds"));
        assertEquals("1.0@10000", first.get("inference_time_to_first_token_seconds_quantile_lower 0.99"));
        assertEquals("10.0@10000", first.get("inference_time_to_first_token_seconds_quantile_upper 0.99"));
        assertEquals("0.0@10000", first.get("inference_time_to_first_token_seconds_quantile_lower 0.5"));
        assertTrue(sketch.isLive());
        sketch = stored(sketch);
        histogram.closeWindow();
        Map<String, String> second = window(sketch, histogram, 15_000);
        assertEquals("100/60.0@15000", second.get("inference_time_to_first_token_seconds"));
        assertEquals("stale@15000", second.get("inference_time_to_first_token_seconds_quantile 0.5"));
        assertEquals(13, second.size());
        assertFalse(sketch.isLive());
        histogram.closeWindow();
        assertEquals(1, window(sketch, histogram, 20_000).size());
        WriteRequestEncoder out = new WriteRequestEncoder();
        sketch.end(25_000, out);
        assertEquals(
                "{inference_time_to_first_token_seconds=stale@25000}",
                points(out.drain()).toString());
    }

    private static Map<String, String> window(ClassicSketch sketch, CumulativeSeries histogram, long windowEndMs)
            throws IOException {
        WriteRequestEncoder out = new WriteRequestEncoder();
        sketch.write(histogram, windowEndMs, 5_000, Long.MIN_VALUE, out);
        return points(out.drain());
    }

    /** By name and quantile, what was written. */
    private static Map<String, String> points(byte[] request) throws IOException {
        Map<String, String> points = new TreeMap<>();
        for (TimeSeries series : WriteRequest.parseFrom(request).getTimeseriesList()) {
            StringBuilder name = new StringBuilder();
            series.getLabelsList().forEach(label -> {
                if (label.getName().equals(Labels.METRIC_NAME)) {
                    name.insert(0, label.getValue());
                } else if (label.getName().equals("quantile")) {
                    name.append(' ').append(label.getValue());
                }
            });
            StringBuilder text = new StringBuilder();
            series.getSamplesList()
                    .forEach(sample -> text.append(
                                    StaleMarker.isStale(sample.getValue())
                                            ? "stale"
                                            : Double.toString(sample.getValue()))
                            .append('@')
                            .append(sample.getTimestamp())
                            .append(' '));
            series.getHistogramsList()
                    .forEach(one -> text.append(
                                    StaleMarker.isStale(one.getSum())
                                            ? "stale"
                                            : one.getCountInt() + "/" + one.getSum())
                            .append('@')
                            .append(one.getTimestamp())
                            .append(' '));
            points.put(name.toString(), text.toString().trim());
        }
        return points;
    }

    private static ClassicSketch stored(ClassicSketch sketch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        sketch.write(new DataOutputStream(bytes));
        return ClassicSketch.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
