package dev.weir.queryserver.api;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.series.FloatHistogram;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest sample of each selected series, no older than the lookback and not stale, in the text format 0.0.4, by
 * metric name. As Prometheus does it: types are untyped, a missing {@code instance} is told as an empty one, and names
 * that the format does not know get underscores. Of a native histogram, count and sum are told.
 */
final class FederateEndpoint implements Endpoint {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

    private final Store store;
    private final QueryLimits limits;
    private final InstantSource clock;

    FederateEndpoint(Store store, QueryLimits limits, InstantSource clock) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
    }

    private record Newest(
            long timestampMs, double value, @Nullable FloatHistogram histogram) {}

    @Override
    public Reply serve(Call call) throws ApiException {
        List<List<LabelMatcher>> selectors = Selectors.of(call.params());
        long nowMs = clock.millis();
        long fromMs = nowMs - limits.lookbackDelta().toMillis() + 1;
        TreeMap<Labels, Newest> found = new TreeMap<>();
        try (StoreView view = store.view(call.scope().project())) {
            SampleColumns samples = new SampleColumns();
            for (List<LabelMatcher> matchers : selectors) {
                for (StoredSeries series : view.select(matchers, fromMs, nowMs)) {
                    Newest newest = newest(series, fromMs, nowMs, samples);
                    if (newest != null) {
                        found.put(series.labels(), newest);
                    }
                    if (found.size() > limits.maxSeries()) {
                        throw new ApiException(
                                ErrorType.EXECUTION,
                                "more series than allowed (expected: at most maxSeries = " + limits.maxSeries() + ")");
                    }
                }
            }
        }
        return new Reply(200, TYPE, Map.of(), out -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            String family = "";
            for (Map.Entry<Labels, Newest> entry : found.entrySet()) {
                family = write(text, entry.getKey(), entry.getValue(), family);
            }
            text.flush();
        });
    }

    private static @Nullable Newest newest(StoredSeries series, long fromMs, long toMs, SampleColumns samples) {
        samples.clear();
        series.read(fromMs, toMs, samples);
        int last = samples.size() - 1;
        if (last < 0) {
            return null;
        }
        FloatHistogram histogram = samples.histogram(last);
        if (histogram == null && StaleMarker.isStale(samples.value(last))) {
            return null;
        }
        return new Newest(samples.timestampMs(last), histogram == null ? samples.value(last) : 0, histogram);
    }

    /** Returns the family that the text is at, from what it was at before. */
    private static String write(Writer text, Labels labels, Newest newest, String family) throws IOException {
        String name = legalName(labels.metricName(), true);
        FloatHistogram histogram = newest.histogram;
        String type = histogram == null ? "untyped" : "histogram";
        String now = type + " " + name;
        if (!now.equals(family)) {
            text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        }
        if (histogram == null) {
            writeSample(text, name, labels, "", newest.timestampMs, newest.value);
        } else {
            writeSample(text, name + "_bucket", labels, "+Inf", newest.timestampMs, histogram.count());
            writeSample(text, name + "_sum", labels, "", newest.timestampMs, histogram.sum());
            writeSample(text, name + "_count", labels, "", newest.timestampMs, histogram.count());
        }
        return now;
    }

    private static void writeSample(Writer text, String name, Labels labels, String le, long timestampMs, double value)
            throws IOException {
        text.append(name).append('{');
        String separator = "";
        for (int i = 0; i < labels.size(); i++) {
            if (!labels.name(i).equals(Labels.METRIC_NAME)) {
                writeLabel(text.append(separator), legalName(labels.name(i), false), labels.value(i));
                separator = ",";
            }
        }
        if (labels.get("instance") == null) {
            writeLabel(text.append(separator), "instance", "");
            separator = ",";
        }
        if (!le.isEmpty()) {
            writeLabel(text.append(separator), "le", le);
        }
        text.append("} ").append(FloatText.general(value)).append(' ');
        text.append(Long.toString(timestampMs)).append('\n');
    }

    private static void writeLabel(Writer text, String name, String value) throws IOException {
        text.append(name).append("=\"");
        text.append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        text.append('"');
    }

    private static String legalName(String name, boolean mayHaveColons) {
        StringBuilder legal = null;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isLegal = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || c == '_'
                    || (c == ':' && mayHaveColons)
                    || (c >= '0' && c <= '9' && i > 0);
            if (!isLegal) {
                legal = legal == null ? new StringBuilder(name) : legal;
                legal.setCharAt(i, '_');
            }
        }
        return legal == null ? name : legal.toString();
    }
}
