package dev.weir.exposition;

import com.google.protobuf.Timestamp;
import dev.weir.exposition.client.BucketSpan;
import dev.weir.exposition.client.BucketValue;
import dev.weir.exposition.client.CounterValue;
import dev.weir.exposition.client.Family;
import dev.weir.exposition.client.HistogramValue;
import dev.weir.exposition.client.LabelPair;
import dev.weir.exposition.client.MetricValue;
import dev.weir.exposition.client.Type;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Protobuf pages written in tests, by classes that protoc generated. */
final class Families {
    private Families() {}

    /** The delimited messages, one after the other. */
    static byte[] page(Family... families) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            for (Family family : families) {
                family.writeDelimitedTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Exposition parse(byte[] page) throws ExpositionException {
        return ExpositionParser.parse(page, ExpositionFormat.PROTOBUF_DELIMITED, ParseMode.LENIENT);
    }

    static List<AssembledFamily> assemble(Family... families) throws ExpositionException {
        return SeriesAssembler.assemble(parse(page(families))).families();
    }

    static Family family(String name, Type type, MetricValue... metrics) {
        return Family.newBuilder()
                .setName(name)
                .setType(type)
                .setHelp("help of " + name)
                .addAllMetric(List.of(metrics))
                .build();
    }

    static MetricValue.Builder metric(String... namesAndValues) {
        MetricValue.Builder metric = MetricValue.newBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            metric.addLabel(LabelPair.newBuilder().setName(namesAndValues[i]).setValue(namesAndValues[i + 1]));
        }
        return metric;
    }

    static MetricValue counter(double value, long createdSeconds, String... namesAndValues) {
        return metric(namesAndValues)
                .setCounter(CounterValue.newBuilder().setValue(value).setCreatedTimestamp(time(createdSeconds, 0)))
                .build();
    }

    static MetricValue histogram(HistogramValue.Builder histogram, String... namesAndValues) {
        return metric(namesAndValues).setHistogram(histogram).build();
    }

    static BucketValue bucket(double upperBound, long cumulativeCount) {
        return BucketValue.newBuilder()
                .setUpperBound(upperBound)
                .setCumulativeCount(cumulativeCount)
                .build();
    }

    static BucketSpan span(int offset, int length) {
        return BucketSpan.newBuilder().setOffset(offset).setLength(length).build();
    }

    static Timestamp time(long seconds, int nanos) {
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }

    /** A page's series as lines, without what a format cannot say. */
    static List<String> describe(List<AssembledFamily> families) {
        List<String> lines = new ArrayList<>();
        for (AssembledFamily family : families) {
            lines.add(family.name() + " " + family.type() + " " + family.help());
            for (AssembledSeries series : family.series()) {
                if (!(series instanceof NativeHistogramSeries)) {
                    lines.add(describe(series));
                }
            }
        }
        return lines;
    }

    static String describe(AssembledSeries series) {
        String start = series.name() + series.labels() + " since " + series.createdMs() + " at " + series.timestampMs();
        if (series instanceof HistogramSeries histogram) {
            return start + " " + List.of(histogram.le()) + doubles(histogram.upperBounds())
                    + doubles(histogram.cumulativeCounts()) + histogram.count() + " " + histogram.sum()
                    + (histogram.gauge() ? " gauge" : "");
        }
        if (series instanceof SummarySeries summary) {
            return start + " " + List.of(summary.quantileTexts()) + doubles(summary.values()) + summary.count() + " "
                    + summary.sum();
        }
        return start + " " + series;
    }

    private static String doubles(double[] values) {
        return Arrays.toString(values);
    }
}
