package dev.weir.exposition;

import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatText;
import dev.weir.series.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the samples of a protobuf page, which repeats a metric's labels for each of its buckets without bytes of its own
 * for them: so it counts what the page would be as text, and refuses one that is beyond the limits there.
 */
final class ProtobufSamples {
    /** What text has between two labels. */
    private static final int PUNCTUATION_CHARS = 4;

    private final WireReader in;
    private final FamilyCollector families;
    private final Map<Double, String> boundTexts = new HashMap<>();
    private FamilyCollector.@Nullable Draft family;
    private String bucketName = "";
    private String sumName = "";
    private String countName = "";
    private Labels labels = Labels.EMPTY;
    private long labelChars;
    private long timestampMs = Sample.NO_TIMESTAMP;
    private long expandedChars;
    private long nativeBuckets;

    ProtobufSamples(WireReader in, FamilyCollector families) {
        this.in = in;
        this.families = families;
    }

    void startFamily(FamilyCollector.Draft newFamily) {
        family = newFamily;
        boolean gauge = newFamily.type == MetricType.GAUGE_HISTOGRAM;
        bucketName = newFamily.name + "_bucket";
        sumName = newFamily.name + (gauge ? "_gsum" : "_sum");
        countName = newFamily.name + (gauge ? "_gcount" : "_count");
    }

    void startMetric(Labels newLabels, long newTimestampMs) {
        labels = newLabels;
        timestampMs = newTimestampMs;
        labelChars = 0;
        newLabels.forEach((name, value) -> labelChars += name.length() + value.length() + PUNCTUATION_CHARS);
    }

    String familyName() {
        return family().name;
    }

    void value(double value, long createdMs, @Nullable Exemplar exemplar) throws ExpositionException {
        add(familyName(), labels, value, createdMs, exemplar, null);
    }

    void quantile(double quantile, double value, long createdMs) throws ExpositionException {
        add(familyName(), labels.with("quantile", boundText(quantile)), value, createdMs, null, null);
    }

    void bucket(double upperBound, double cumulativeCount, long createdMs, @Nullable Exemplar exemplar)
            throws ExpositionException {
        add(bucketName, labels.with("le", boundText(upperBound)), cumulativeCount, createdMs, exemplar, null);
    }

    void sumAndCount(double sum, double count, long createdMs) throws ExpositionException {
        add(sumName, labels, sum, createdMs, null, null);
        add(countName, labels, count, createdMs, null, null);
    }

    void nativeHistogram(FloatHistogram histogram, long createdMs, @Nullable Exemplar exemplar)
            throws ExpositionException {
        nativeBuckets +=
                histogram.positive().size() + (long) histogram.negative().size();
        if (nativeBuckets > ParseLimits.MAX_SAMPLES) {
            throw in.error(
                    in.pos(),
                    "buckets of native histograms: " + nativeBuckets,
                    "at most " + ParseLimits.MAX_SAMPLES + " in a page");
        }
        add(familyName(), labels, histogram.count(), createdMs, exemplar, histogram);
    }

    private void add(
            String name,
            Labels sampleLabels,
            double value,
            long createdMs,
            @Nullable Exemplar exemplar,
            @Nullable FloatHistogram histogram)
            throws ExpositionException {
        expandedChars += name.length() + labelChars;
        if (expandedChars > ParseLimits.MAX_EXPANDED_CHARS) {
            throw in.error(
                    in.pos(),
                    "names and labels of all samples: more than " + ParseLimits.MAX_EXPANDED_CHARS + " characters",
                    "at most that in a page, each bucket counted as in text");
        }
        Sample sample = new Sample(name, sampleLabels, value, timestampMs, createdMs, exemplar, histogram);
        if (families.add(family(), sample) > ParseLimits.MAX_SAMPLES) {
            throw in.error(in.pos(), "one more sample", "at most " + ParseLimits.MAX_SAMPLES + " samples in a page");
        }
    }

    private FamilyCollector.Draft family() {
        FamilyCollector.Draft current = family;
        if (current == null) {
            throw new IllegalStateException("no family begun");
        }
        return current;
    }

    /** As OpenMetrics writes numbers in labels, and as Prometheus does for what it scrapes: {@code 1.0}, not 1. */
    private String boundText(double bound) {
        return boundTexts.computeIfAbsent(bound, ProtobufSamples::format);
    }

    private static String format(double bound) {
        String text = FloatText.general(bound);
        boolean integer = !Double.isNaN(bound) && !Double.isInfinite(bound) && text.indexOf('.') < 0;
        return integer && text.indexOf('e') < 0 ? text + ".0" : text;
    }
}
