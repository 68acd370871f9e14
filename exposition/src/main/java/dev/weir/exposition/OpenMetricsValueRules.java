package dev.weir.exposition;

import dev.weir.series.Labels;

/** What OpenMetrics demands of one sample by itself: its value, its labels, its exemplar. */
final class OpenMetricsValueRules {
    /** The most characters that the labels of an exemplar may have, names and values together. */
    private static final int MAX_EXEMPLAR_CHARACTERS = 128;

    private OpenMetricsValueRules() {}

    static void check(Scanner in, MetricType type, String family, String suffix, SampleLine sample)
            throws ExpositionException {
        checkExemplar(in, type, suffix, sample);
        switch (type) {
            case COUNTER -> checkNotNegative(in, sample);
            case HISTOGRAM -> {
                checkNotNegative(in, sample);
                checkWhole(in, suffix.equals("_bucket") || suffix.equals("_count"), sample);
            }
            case GAUGE_HISTOGRAM -> {
                checkNumber(in, sample);
                if (!suffix.equals("_gsum")) {
                    checkNotNegative(in, sample);
                    checkWhole(in, true, sample);
                }
            }
            case SUMMARY -> checkSummary(in, suffix, sample);
            case INFO -> {
                if (sample.value != 1) {
                    throw in.error(sample.valueAt, "value of info " + sample.name + ": " + sample.value, "1");
                }
            }
            case STATESET -> {
                if (sample.labels.get(family) == null) {
                    throw in.error(sample.labelsAt, "stateset " + family + " without label " + family, "its state");
                }
                if (sample.value != 0 && sample.value != 1) {
                    throw in.error(sample.valueAt, "value of stateset " + family + ": " + sample.value, "0 or 1");
                }
            }
            case GAUGE, UNKNOWN -> {}
        }
    }

    private static void checkSummary(Scanner in, String suffix, SampleLine sample) throws ExpositionException {
        if (!suffix.isEmpty()) {
            checkNotNegative(in, sample);
            checkWhole(in, suffix.equals("_count"), sample);
            return;
        }
        double quantile = Bounds.parse(sample.labels.get("quantile"));
        if (!(quantile >= 0 && quantile <= 1)) {
            throw in.error(
                    sample.labelsAt,
                    "label quantile of " + sample.name + ": " + sample.labels.get("quantile"),
                    "a number from 0 to 1");
        }
        if (sample.value < 0) {
            throw in.error(sample.valueAt, "quantile of " + sample.name + ": " + sample.value, ">= 0");
        }
    }

    private static void checkExemplar(Scanner in, MetricType type, String suffix, SampleLine sample)
            throws ExpositionException {
        Exemplar exemplar = sample.exemplar;
        if (exemplar == null) {
            return;
        }
        boolean allowed = switch (type) {
            case COUNTER -> suffix.equals("_total");
            case HISTOGRAM, GAUGE_HISTOGRAM -> suffix.equals("_bucket");
            case GAUGE, SUMMARY, INFO, STATESET, UNKNOWN -> false;
        };
        if (!allowed) {
            throw in.unexpected(
                    sample.exemplarAt,
                    "exemplar of " + sample.name + ", a sample of type " + type.word(),
                    "exemplars at counters' totals and histograms' buckets only");
        }
        int characters = 0;
        Labels labels = exemplar.labels();
        for (int i = 0; i < labels.size(); i++) {
            characters += characters(labels.name(i)) + characters(labels.value(i));
        }
        if (characters > MAX_EXEMPLAR_CHARACTERS) {
            throw in.error(
                    sample.exemplarAt,
                    "labels of the exemplar: " + characters + " characters",
                    "at most " + MAX_EXEMPLAR_CHARACTERS);
        }
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static void checkNotNegative(Scanner in, SampleLine sample) throws ExpositionException {
        if (!(sample.value >= 0)) {
            throw in.error(sample.valueAt, "value of " + sample.name + ": " + sample.value, ">= 0");
        }
    }

    private static void checkNumber(Scanner in, SampleLine sample) throws ExpositionException {
        if (Double.isNaN(sample.value)) {
            throw in.error(sample.valueAt, "value of " + sample.name + ": NaN", "a number");
        }
    }

    private static void checkWhole(Scanner in, boolean count, SampleLine sample) throws ExpositionException {
        if (count && sample.value != Math.rint(sample.value)) {
            throw in.error(sample.valueAt, "count " + sample.name + ": " + sample.value, "an integer");
        }
    }
}
