package dev.weir.promql.answers;

import dev.weir.schemas.remotewrite.BucketSpan;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Series as remote-write 1.0 requests. */
final class RemoteWrite {
    private RemoteWrite() {}

    /**
     * One request, or several for a series of floats and histograms, since a receiver stores a request's floats before
     * its histograms. Histograms are sent with counts as doubles.
     */
    static List<WriteRequest> requests(SampleSeries series) {
        List<WriteRequest> requests = new ArrayList<>();
        TimeSeries.Builder[] message = {message(series)};
        series.samples().forEach((timeMs, sample) -> {
            boolean isMarker = sample instanceof Double number && StaleMarker.isStale(number);
            boolean wasHistogram = message[0].getHistogramsCount() > 0;
            boolean isHistogram = sample instanceof FloatHistogram || (isMarker && wasHistogram);
            if (isHistogram ? message[0].getSamplesCount() > 0 : wasHistogram) {
                requests.add(request(message[0]));
                message[0] = message(series);
            }
            if (sample instanceof FloatHistogram histogram) {
                message[0].addHistograms(histogram(timeMs, histogram));
            } else if (isHistogram) {
                message[0].addHistograms(Histogram.newBuilder()
                        .setTimestamp(timeMs)
                        .setCountFloat(0)
                        .setSum(StaleMarker.VALUE));
            } else {
                message[0].addSamples(Sample.newBuilder().setTimestamp(timeMs).setValue((Double) sample));
            }
        });
        requests.add(request(message[0]));
        return requests;
    }

    private static WriteRequest request(TimeSeries.Builder message) {
        return WriteRequest.newBuilder().addTimeseries(message).build();
    }

    private static TimeSeries.Builder message(SampleSeries series) {
        TimeSeries.Builder message = TimeSeries.newBuilder();
        series.labels()
                .forEach((name, value) ->
                        message.addLabels(Label.newBuilder().setName(name).setValue(value)));
        return message;
    }

    private static Histogram histogram(long timeMs, FloatHistogram source) {
        Histogram.Builder message = Histogram.newBuilder()
                .setTimestamp(timeMs)
                .setCountFloat(source.count())
                .setSum(source.sum())
                .setSchema(source.schema())
                .setZeroThreshold(source.zeroThreshold())
                .setZeroCountFloat(source.zeroCount())
                .setResetHint(Histogram.ResetHint.valueOf(
                        source.resetHint() == FloatHistogram.ResetHint.GAUGE ? "GAUGE" : "UNKNOWN"));
        addSpans(source.positive(), message::addPositiveSpans);
        addSpans(source.negative(), message::addNegativeSpans);
        for (int i = 0; i < source.positive().size(); i++) {
            message.addPositiveCounts(source.positive().count(i));
        }
        for (int i = 0; i < source.negative().size(); i++) {
            message.addNegativeCounts(source.negative().count(i));
        }
        for (int i = 0; i < source.customBoundCount(); i++) {
            message.addCustomValues(source.customBound(i));
        }
        return message.build();
    }

    /** One span for each run of adjacent buckets; its offset counts from the end of the one before. */
    private static void addSpans(BucketCounts buckets, Consumer<BucketSpan> spans) {
        int next = 0;
        for (int from = 0; from < buckets.size(); ) {
            int to = from + 1;
            while (to < buckets.size() && buckets.index(to) == buckets.index(to - 1) + 1) {
                to++;
            }
            spans.accept(BucketSpan.newBuilder()
                    .setOffset(buckets.index(from) - next)
                    .setLength(to - from)
                    .build());
            next = buckets.index(to - 1) + 1;
            from = to;
        }
    }
}
