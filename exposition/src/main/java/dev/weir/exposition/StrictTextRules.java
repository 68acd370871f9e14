package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;

/**
 * The text format's rules across lines: one TYPE and one HELP a family, TYPE before its samples, each series once (for
 * each time), {@code le} and {@code quantile} numbers, no negative histogram counts.
 */
final class StrictTextRules implements StrictRules {
    private record Point(String name, Labels labels, long timestampMs) {}

    private final Scanner in;
    private final Set<String> typed = new HashSet<>();
    private final Set<String> helped = new HashSet<>();
    private final Set<Point> points = new HashSet<>();

    StrictTextRules(Scanner in) {
        this.in = in;
    }

    @Override
    public void onDescriptor(Descriptor kind, String family, int at, String content) throws ExpositionException {
        // An empty HELP line says nothing, and may stand as often as it likes.
        Set<String> known = kind == Descriptor.TYPE ? typed : helped;
        if ((kind == Descriptor.TYPE || !content.isEmpty()) && !known.add(family)) {
            throw in.error(at, "second " + kind + " line for " + family, "one");
        }
    }

    @Override
    public void onType(FamilyCollector.Draft family, int at, boolean hadSamples) throws ExpositionException {
        if (hadSamples) {
            throw in.error(at, "TYPE line for " + family.name + " after its samples", "before them");
        }
    }

    @Override
    public void onSample(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException {
        if (!points.add(new Point(sample.name, sample.labels, sample.timestampMs))) {
            throw in.error(sample.nameAt, "second line for series " + describe(sample), "each series once");
        }
        switch (owner.type) {
            case HISTOGRAM, GAUGE_HISTOGRAM -> checkHistogram(owner, sample);
            case SUMMARY -> {
                if (sample.name.equals(owner.name)) {
                    checkBound(sample, "quantile");
                }
            }
            case COUNTER, GAUGE, INFO, STATESET, UNKNOWN -> {}
        }
    }

    @Override
    public void onNativeHistogram(FamilyCollector.Draft owner, SampleLine sample) {
        throw new IllegalStateException("text has no native histograms");
    }

    @Override
    public void onEnd() {}

    static String describe(SampleLine sample) {
        return sample.name + (sample.labels.isEmpty() ? "" : sample.labels.toString());
    }

    private void checkHistogram(FamilyCollector.Draft owner, SampleLine sample) throws ExpositionException {
        if (sample.name.equals(owner.name + "_bucket")) {
            checkBound(sample, "le");
        }
        if (sample.value < 0 && owner.type == MetricType.HISTOGRAM && !sample.name.equals(owner.name + "_sum")) {
            throw in.error(sample.valueAt, "count of histogram " + owner.name + ": " + sample.value, ">= 0");
        }
    }

    private void checkBound(SampleLine sample, String label) throws ExpositionException {
        String text = sample.labels.get(label);
        if (text == null || Double.isNaN(Bounds.parse(text))) {
            throw in.error(sample.labelsAt, "label " + label + " of " + sample.name + ": " + text, "a number");
        }
    }
}
