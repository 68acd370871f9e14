package dev.weir.delivery;

import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * A receiver that keeps samples as Prometheus does: per series only newer ones, the newest again only with its own value.
 * On a bad sample it keeps nothing of the request, or, {@code partial}, all the rest of it as Mimir does.
 */
final class FakeReceiver implements Transport {
    /** What happens before a request is looked at: an answer, or an exception. */
    interface Step {
        @Nullable
        Answer next() throws IOException, InterruptedException;
    }

    final List<WriteRequest> requests = new ArrayList<>();
    final Map<List<Label>, TreeMap<Long, Double>> kept = new HashMap<>();
    final Deque<Step> script = new ArrayDeque<>();
    /** Older samples are refused, with this text. */
    long earliestMs = Long.MIN_VALUE;

    String tooOldText = "out of bounds";
    /** Larger requests are refused whole. */
    int maxSeries = Integer.MAX_VALUE;
    /** Without, requests that hold one are refused whole, as Prometheus 2.42 does it. */
    boolean takesNativeHistograms = true;

    private final boolean partial;
    private final Predicate<TimeSeries> bad;

    FakeReceiver(boolean partial, Predicate<TimeSeries> bad) {
        this.partial = partial;
        this.bad = bad;
    }

    @Override
    public Answer post(byte[] snappyBlock) throws IOException, InterruptedException {
        if (!script.isEmpty()) {
            Answer scripted = script.poll().next();
            if (scripted != null) {
                return scripted;
            }
        }
        return take(snappyBlock);
    }

    /** Takes the request in, whatever the script says. */
    Answer take(byte[] snappyBlock) throws IOException {
        WriteRequest request = WriteRequest.parseFrom(Snappy.uncompress(snappyBlock));
        requests.add(request);
        if (request.getTimeseriesCount() > maxSeries) {
            return new Answer(413, "request entity too large", null);
        }
        if (!takesNativeHistograms
                && request.getTimeseriesList().stream().anyMatch(series -> series.getHistogramsCount() > 0)) {
            return new Answer(500, "native histograms are disabled", null);
        }
        Map<List<Label>, TreeMap<Long, Double>> next = new HashMap<>();
        kept.forEach((labels, samples) -> next.put(labels, new TreeMap<>(samples)));
        String problem = null;
        for (TimeSeries series : request.getTimeseriesList()) {
            TreeMap<Long, Double> samples = next.computeIfAbsent(series.getLabelsList(), labels -> new TreeMap<>());
            for (Sample sample : samplesOf(series)) {
                String refusal = refusal(series, sample, samples);
                if (refusal == null) {
                    samples.put(sample.getTimestamp(), sample.getValue());
                } else if (problem == null) {
                    problem = refusal;
                }
            }
        }
        if (problem == null || partial) {
            kept.clear();
            kept.putAll(next);
            kept.values().removeIf(Map::isEmpty);
        }
        return problem == null ? new Answer(204, "", null) : new Answer(400, problem, null);
    }

    /** A native histogram is kept as its count. */
    private static List<Sample> samplesOf(TimeSeries series) {
        List<Sample> samples = new ArrayList<>(series.getSamplesList());
        series.getHistogramsList()
                .forEach(histogram -> samples.add(Sample.newBuilder()
                        .setTimestamp(histogram.getTimestamp())
                        .setValue((double) histogram.getCountInt())
                        .build()));
        return samples;
    }

    private @Nullable String refusal(TimeSeries series, Sample sample, NavigableMap<Long, Double> samples) {
        if (bad.test(series)) {
            return "invalid series";
        }
        if (sample.getTimestamp() < earliestMs) {
            return tooOldText;
        }
        if (samples.isEmpty() || sample.getTimestamp() > samples.lastKey()) {
            return null;
        }
        if (sample.getTimestamp() < samples.lastKey()) {
            return "out of order sample";
        }
        return samples.lastEntry().getValue() == sample.getValue() ? null : "duplicate sample for timestamp";
    }
}
