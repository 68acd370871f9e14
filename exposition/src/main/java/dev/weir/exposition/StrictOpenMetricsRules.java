package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenMetrics specification's rules across lines: a family's lines stand together, as do a metric's; no two
 * families could write the same sample; each point is complete and in order of time.
 */
final class StrictOpenMetricsRules implements StrictRules {
    private final Scanner in;
    /** Every sample name that the families so far have or could have. */
    private final Set<String> reserved = new HashSet<>();

    private @Nullable Family family;

    /** The family whose lines are read. */
    private static final class Family {
        final String name;
        final Scanner.Mark opened;
        /** Where its newest sample stands. */
        Scanner.Mark lastSample;

        MetricType type = MetricType.UNKNOWN;
        final Set<Descriptor> descriptors = EnumSet.noneOf(Descriptor.class);
        final Set<Labels> finishedMetrics = new HashSet<>();
        boolean hasUnit;
        boolean hasSamples;
        boolean hasNativeHistograms;
        Labels metric = Labels.EMPTY;
        double timestampSeconds = Double.NaN;
        OpenMetricsPoint point = new OpenMetricsPoint();

        Family(String name, Scanner.Mark opened) {
            this.name = name;
            this.opened = opened;
            this.lastSample = opened;
        }
    }

    StrictOpenMetricsRules(Scanner in) {
        this.in = in;
    }

    @Override
    public void onDescriptor(Descriptor kind, String name, int at, String content) throws ExpositionException {
        Family current = family;
        if (current == null || !current.name.equals(name)) {
            current = open(name, at);
        }
        if (current.hasSamples || current.hasNativeHistograms) {
            throw in.error(at, kind + " line for " + name + " after its samples", "before them");
        }
        if (!current.descriptors.add(kind)) {
            throw in.error(at, "second " + kind + " line for " + name, "one");
        }
        current.hasUnit |= kind == Descriptor.UNIT && !content.isEmpty();
    }

    @Override
    public void onType(FamilyCollector.Draft draft, int at, boolean hadSamples) throws ExpositionException {
        if (hadSamples) {
            throw in.error(at, "TYPE line for " + draft.name + " after its samples", "before them");
        }
        if (family != null) {
            family.type = draft.type;
        }
    }

    @Override
    public void onSample(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException {
        Family current = family;
        if (current == null || !owns(current, sample.name)) {
            current = open(sample.name, sample.nameAt);
        }
        String suffix = sample.name.substring(current.name.length());
        OpenMetricsValueRules.check(in, current.type, current.name, suffix, sample);
        Labels metric = metricOf(current, suffix, sample);
        if (!current.hasSamples) {
            current.metric = metric;
            current.timestampSeconds = sample.timestampSeconds;
        } else if (!current.metric.equals(metric)) {
            endPoint(current);
            current.finishedMetrics.add(current.metric);
            if (current.finishedMetrics.contains(metric)) {
                throw in.error(
                        sample.nameAt,
                        "metric " + current.name + metric + " again",
                        "all lines of a metric without another's between them");
            }
            current.metric = metric;
            current.timestampSeconds = sample.timestampSeconds;
        } else {
            followTime(current, sample);
        }
        current.hasSamples = true;
        current.lastSample = in.mark(sample.nameAt);
        current.point.add(in, suffix, sample);
    }

    @Override
    public void onNativeHistogram(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException {
        Family current = family;
        if (current == null
                || !current.name.equals(sample.name)
                || (current.type != MetricType.HISTOGRAM && current.type != MetricType.GAUGE_HISTOGRAM)) {
            throw in.error(sample.nameAt, "native histogram " + sample.name, "a TYPE line that says histogram");
        }
        // Its classic lines, if it has any, must make a whole of their own.
        current.hasNativeHistograms = true;
    }

    @Override
    public void onEnd() throws ExpositionException {
        close();
    }

    private void followTime(Family current, SampleLine sample) throws ExpositionException {
        double before = current.timestampSeconds;
        double now = sample.timestampSeconds;
        if (Double.isNaN(before) != Double.isNaN(now)) {
            throw in.error(
                    sample.valueAt,
                    "metric " + current.name + " with and without timestamps",
                    "all lines of a metric the one or the other");
        }
        if (now < before) {
            throw in.error(
                    sample.timestampAt,
                    "timestamp of " + sample.name + ": " + now,
                    ">= " + before + ", the one before");
        }
        if (now > before) {
            endPoint(current);
            current.timestampSeconds = now;
        }
    }

    private static void endPoint(Family current) throws ExpositionException {
        current.point.end(current.type, current.name, current.lastSample);
        current.point = new OpenMetricsPoint();
    }

    private Family open(String name, int at) throws ExpositionException {
        close();
        if (reserved.contains(name)) {
            throw in.error(at, "name " + name + " again", "all lines of a family together, and no clash of names");
        }
        Family opened = new Family(name, in.mark(at));
        family = opened;
        return opened;
    }

    private void close() throws ExpositionException {
        Family current = family;
        if (current == null) {
            return;
        }
        if (current.hasSamples) {
            endPoint(current);
        }
        if (current.hasUnit && (current.type == MetricType.INFO || current.type == MetricType.STATESET)) {
            throw Scanner.error(current.opened, "unit of " + current.type.word() + " " + current.name, "none");
        }
        boolean clash = !reserved.add(current.name);
        for (String suffix : suffixes(current.type)) {
            clash |= !suffix.isEmpty() && !reserved.add(current.name + suffix);
        }
        if (clash) {
            throw Scanner.error(current.opened, "names of family " + current.name, "no clash with another family's");
        }
        family = null;
    }

    private static boolean owns(Family family, String sampleName) {
        if (!sampleName.startsWith(family.name)) {
            return false;
        }
        return suffixes(family.type).contains(sampleName.substring(family.name.length()));
    }

    private static Labels metricOf(Family family, String suffix, SampleLine sample) {
        return switch (family.type) {
            case HISTOGRAM, GAUGE_HISTOGRAM ->
                suffix.equals("_bucket") ? sample.labels.without(Set.of("le")) : sample.labels;
            case SUMMARY -> suffix.isEmpty() ? sample.labels.without(Set.of("quantile")) : sample.labels;
            case STATESET -> sample.labels.without(Set.of(family.name));
            case COUNTER, GAUGE, INFO, UNKNOWN -> sample.labels;
        };
    }

    private static List<String> suffixes(MetricType type) {
        return switch (type) {
            case COUNTER -> List.of("_total", "_created");
            case HISTOGRAM -> List.of("_bucket", "_count", "_sum", "_created");
            case GAUGE_HISTOGRAM -> List.of("_bucket", "_gcount", "_gsum");
            case SUMMARY -> List.of("", "_count", "_sum", "_created");
            case INFO -> List.of("_info");
            case GAUGE, STATESET, UNKNOWN -> List.of("");
        };
    }
}
