package dev.weir.exposition;

import dev.weir.series.Labels;

/** Reads messages {@code Metric}: labels, time, and the value that the family's type calls for. */
final class ProtobufMetricReader {
    private static final int LABEL = 1;
    private static final int GAUGE = 2;
    private static final int COUNTER = 3;
    private static final int SUMMARY = 4;
    private static final int UNTYPED = 5;
    private static final int TIMESTAMP_MS = 6;
    private static final int HISTOGRAM = 7;

    /** In the messages Gauge, Counter and Untyped. */
    private static final int VALUE = 1;

    private static final int COUNTER_EXEMPLAR = 2;
    private static final int COUNTER_CREATED = 3;

    private static final int SAMPLE_COUNT = 1;
    private static final int SAMPLE_SUM = 2;
    private static final int SUMMARY_QUANTILE = 3;
    private static final int SUMMARY_CREATED = 4;

    private static final int QUANTILE = 1;
    private static final int QUANTILE_VALUE = 2;

    private static final int NONE = -1;

    private final WireReader in;
    private final ProtobufSamples samples;
    private final ProtobufPartsReader parts;
    private final ProtobufHistogramReader histograms;

    ProtobufMetricReader(WireReader in, ProtobufStrings strings, ProtobufSamples samples) {
        this.in = in;
        this.samples = samples;
        this.parts = new ProtobufPartsReader(in, strings);
        this.histograms = new ProtobufHistogramReader(in, parts, samples);
    }

    /** Reads the message that the reader has entered. */
    void read(String typeName, MetricType type) throws ExpositionException {
        int metricAt = in.pos();
        int valueField = fieldOf(type);
        int valueAt = NONE;
        Labels.Builder labels = Labels.builder();
        int labelCount = 0;
        long timestampMs = Sample.NO_TIMESTAMP;
        while (in.nextField()) {
            if (in.field() == LABEL) {
                parts.readLabel(labels, ++labelCount);
            } else if (in.field() == TIMESTAMP_MS) {
                long time = in.int64("timestamp_ms");
                // What proto3 cannot tell from a missing one, as in Prometheus.
                timestampMs = time == 0 ? Sample.NO_TIMESTAMP : Math.max(time, Sample.NO_TIMESTAMP + 1);
            } else if (in.field() == valueField) {
                if (valueAt != NONE) {
                    throw in.error(in.pos(), "second value of a metric", "one");
                }
                valueAt = in.pos();
                in.leave(in.enter("value of type " + typeName));
            } else {
                in.skip();
            }
        }
        if (valueAt == NONE) {
            throw in.error(
                    metricAt, "metric without field " + valueField, "a value as type " + typeName + " calls for");
        }
        samples.startMetric(labels.build(), timestampMs);
        in.seek(valueAt);
        int outer = in.enterDelimited("value");
        switch (type) {
            case COUNTER -> readCounter();
            case SUMMARY -> readSummary();
            case HISTOGRAM, GAUGE_HISTOGRAM -> histograms.read(type == MetricType.GAUGE_HISTOGRAM);
            default -> readValue();
        }
        in.leave(outer);
    }

    private void readValue() throws ExpositionException {
        double value = 0; // Senders of proto3 leave out a zero, here and below.
        while (in.nextField()) {
            if (in.field() == VALUE) {
                value = in.float64("value");
            } else {
                in.skip();
            }
        }
        samples.value(value, Sample.NO_TIMESTAMP, null);
    }

    private void readCounter() throws ExpositionException {
        double value = 0;
        long createdMs = Sample.NO_TIMESTAMP;
        Exemplar exemplar = null;
        while (in.nextField()) {
            switch (in.field()) {
                case VALUE -> value = in.float64("value");
                case COUNTER_EXEMPLAR -> exemplar = parts.readExemplar();
                case COUNTER_CREATED -> createdMs = parts.readTimestamp("created_timestamp");
                default -> in.skip();
            }
        }
        samples.value(value, createdMs, exemplar);
    }

    /** In two passes, so that the quantiles know of a start that stands behind them. */
    private void readSummary() throws ExpositionException {
        int from = in.pos();
        double count = 0;
        double sum = 0;
        long createdMs = Sample.NO_TIMESTAMP;
        while (in.nextField()) {
            switch (in.field()) {
                case SAMPLE_COUNT -> count = in.count("sample_count");
                case SAMPLE_SUM -> sum = in.float64("sample_sum");
                case SUMMARY_CREATED -> createdMs = parts.readTimestamp("created_timestamp");
                default -> in.skip();
            }
        }
        in.seek(from);
        while (in.nextField()) {
            if (in.field() == SUMMARY_QUANTILE) {
                int outer = in.enter("quantile");
                readQuantile(createdMs);
                in.leave(outer);
            } else {
                in.skip();
            }
        }
        samples.sumAndCount(sum, count, createdMs);
    }

    private void readQuantile(long createdMs) throws ExpositionException {
        double quantile = 0;
        double value = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case QUANTILE -> quantile = in.float64("quantile");
                case QUANTILE_VALUE -> value = in.float64("value of a quantile");
                default -> in.skip();
            }
        }
        samples.quantile(quantile, value, createdMs);
    }

    private static int fieldOf(MetricType type) {
        return switch (type) {
            case COUNTER -> COUNTER;
            case GAUGE -> GAUGE;
            case SUMMARY -> SUMMARY;
            case HISTOGRAM, GAUGE_HISTOGRAM -> HISTOGRAM;
            default -> UNTYPED;
        };
    }
}
