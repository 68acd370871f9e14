package dev.weir.queryserver.api;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.value.MatrixSeries;
import dev.weir.promql.value.MatrixValue;
import dev.weir.promql.value.ScalarValue;
import dev.weir.promql.value.StringValue;
import dev.weir.promql.value.Value;
import dev.weir.promql.value.VectorSample;
import dev.weir.promql.value.VectorValue;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.series.FloatHistogram;
import dev.weir.series.HistogramBuckets;
import dev.weir.series.Labels;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** PromQL values in the JSON of Prometheus' API. */
final class ValueJson {
    private static final int LOWER_OPEN_UPPER_CLOSED = 0;
    private static final int LOWER_CLOSED_UPPER_OPEN = 1;
    private static final int BOTH_OPEN = 2;
    private static final int BOTH_CLOSED = 3;

    private ValueJson() {}

    /** How many of a value's series there are beyond {@code limit}. */
    static boolean exceeds(Value value, int limit) {
        return (value instanceof VectorValue vector && vector.samples().size() > limit)
                || (value instanceof MatrixValue matrix && matrix.series().size() > limit);
    }

    /** Writes {@code resultType} and {@code result}, of a vector or matrix the first {@code limit} series. */
    static void write(Value value, int limit, JsonWriter json) throws IOException {
        json.name("resultType");
        if (value instanceof ScalarValue scalar) {
            json.string("scalar").name("result");
            writePoint(json, scalar.timestampMs(), FloatText.plain(scalar.value()));
        } else if (value instanceof StringValue string) {
            json.string("string").name("result");
            writePoint(json, string.timestampMs(), string.value());
        } else if (value instanceof VectorValue vector) {
            json.string("vector").name("result").beginArray();
            for (VectorSample sample :
                    vector.samples().subList(0, Math.min(limit, vector.samples().size()))) {
                writeSample(json, sample);
            }
            json.endArray();
        } else if (value instanceof MatrixValue matrix) {
            json.string("matrix").name("result").beginArray();
            for (MatrixSeries series :
                    matrix.series().subList(0, Math.min(limit, matrix.series().size()))) {
                writeSeries(json, series);
            }
            json.endArray();
        }
    }

    static void writeLabels(JsonWriter json, Labels labels) throws IOException {
        json.beginObject();
        for (int i = 0; i < labels.size(); i++) {
            json.name(labels.name(i)).string(labels.value(i));
        }
        json.endObject();
    }

    /** A scalar's or string's point; its time is shortened: {@code 1.25}. */
    private static void writePoint(JsonWriter json, long timestampMs, String text) throws IOException {
        json.beginArray()
                .raw(FloatText.general(timestampMs / 1000.0))
                .string(text)
                .endArray();
    }

    private static void writeSample(JsonWriter json, VectorSample sample) throws IOException {
        json.beginObject().name("metric");
        writeLabels(json, sample.labels());
        FloatHistogram histogram = sample.histogram();
        if (histogram == null) {
            json.name("value");
            writeFloat(json, sample.timestampMs(), sample.value());
        } else {
            json.name("histogram");
            writeHistogram(json, sample.timestampMs(), histogram);
        }
        json.endObject();
    }

    private static void writeSeries(JsonWriter json, MatrixSeries series) throws IOException {
        json.beginObject().name("metric");
        writeLabels(json, series.labels());
        SampleColumns samples = series.samples();
        writeColumn(json, samples, false);
        writeColumn(json, samples, true);
        json.endObject();
    }

    private static void writeColumn(JsonWriter json, SampleColumns samples, boolean ofHistograms) throws IOException {
        boolean isOpen = false;
        for (int i = 0; i < samples.size(); i++) {
            @Nullable FloatHistogram histogram = samples.histogram(i);
            if ((histogram != null) != ofHistograms) {
                continue;
            }
            if (!isOpen) {
                json.name(ofHistograms ? "histograms" : "values").beginArray();
                isOpen = true;
            }
            if (histogram == null) {
                writeFloat(json, samples.timestampMs(i), samples.value(i));
            } else {
                writeHistogram(json, samples.timestampMs(i), histogram);
            }
        }
        if (isOpen) {
            json.endArray();
        }
    }

    private static void writeFloat(JsonWriter json, long timestampMs, double value) throws IOException {
        json.point(timestampMs, FloatText.general(value));
    }

    private static void writeHistogram(JsonWriter json, long timestampMs, FloatHistogram histogram) throws IOException {
        json.beginArray().seconds(timestampMs).beginObject();
        json.name("count").string(FloatText.general(histogram.count()));
        json.name("sum").string(FloatText.general(histogram.sum()));
        boolean isOpen = false;
        for (HistogramBuckets.Bucket bucket : new HistogramBuckets(histogram)) {
            if (!isOpen) {
                json.name("buckets").beginArray();
                isOpen = true;
            }
            json.beginArray().raw(Integer.toString(boundaryRule(bucket)));
            json.string(FloatText.general(bucket.lower())).string(FloatText.general(bucket.upper()));
            json.string(FloatText.general(bucket.count())).endArray();
        }
        if (isOpen) {
            json.endArray();
        }
        json.endObject().endArray();
    }

    private static int boundaryRule(HistogramBuckets.Bucket bucket) {
        if (bucket.includesLower()) {
            return bucket.includesUpper() ? BOTH_CLOSED : LOWER_CLOSED_UPPER_OPEN;
        }
        return bucket.includesUpper() ? LOWER_OPEN_UPPER_CLOSED : BOTH_OPEN;
    }
}
