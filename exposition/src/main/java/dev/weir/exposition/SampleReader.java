package dev.weir.exposition;

import dev.weir.series.Labels;

/** What the sample lines of both formats have in common: names, numbers, and where the samples go. */
final class SampleReader {
    private final Scanner in;
    private final LabelBlockReader blocks;
    private final FamilyCollector families;
    private final StrictRules rules;
    private final boolean strict;
    private final LineListener listener;
    final SampleLine line = new SampleLine();

    SampleReader(
            Scanner in,
            LabelBlockReader blocks,
            FamilyCollector families,
            StrictRules rules,
            ParseMode mode,
            LineListener listener) {
        this.in = in;
        this.blocks = blocks;
        this.families = families;
        this.rules = rules;
        this.strict = mode == ParseMode.STRICT;
        this.listener = listener;
    }

    /** Reads name and labels; {@code blanks} may stand between them. */
    void readSeries(boolean blanks) throws ExpositionException {
        line.clear();
        line.nameAt = in.pos;
        boolean named = in.peek() != '{';
        if (named) {
            if (in.peek() == '"') {
                throw in.unexpected(in.pos, "metric name", "a name in quotes inside braces");
            }
            line.name = blocks.readMetricName("metric name");
            if (blanks) {
                in.skipBlanks();
            }
        }
        line.labelsAt = in.pos;
        if (in.peek() != '{') {
            return;
        }
        LabelBlock block = blocks.readBlock();
        line.labels = block.labels();
        String quotedName = block.name();
        if (quotedName == null && !named) {
            throw in.unexpected(line.nameAt, in.pos, "series", "a metric name before or inside the braces");
        }
        if (quotedName != null) {
            if (named) {
                throw in.unexpected(line.nameAt, in.pos, "series", "one metric name");
            }
            line.name = quotedName;
        }
    }

    /** Reads {@code from} to {@code to} as the sample's value. */
    double readNumber(int from, int to, String what) throws ExpositionException {
        try {
            double number = Numbers.parse(in.bytes, from, to);
            if (strict && Double.isInfinite(number) && (in.bytes[to - 1] & 0xff) <= '9') {
                throw in.unexpected(from, to, what, "a number that fits a double");
            }
            return number;
        } catch (NumberFormatException e) {
            throw in.unexpected(from, to, what, "a decimal number, Inf or NaN");
        }
    }

    /** Gives the sample to its family. */
    void emit() throws ExpositionException {
        FamilyCollector.Draft owner = families.ownerOf(line.name);
        rules.onSample(owner, line);
        add(owner);
    }

    /** Gives the count and sum of a native histogram to its family, as a classic histogram of one bucket. */
    void emit(NativeHistogramValue value) throws ExpositionException {
        FamilyCollector.Draft owner = families.ownerOf(line.name);
        rules.onNativeHistogram(owner, line);
        listener.onUnrepeatable();
        String name = line.name;
        Labels labels = line.labels;
        line.name = name + "_bucket";
        line.labels = labels.toBuilder().set("le", "+Inf").build();
        line.value = value.count();
        add(owner);
        line.name = name + "_count";
        line.labels = labels;
        add(owner);
        line.name = name + "_sum";
        line.value = value.sum();
        add(owner);
    }

    private void add(FamilyCollector.Draft owner) throws ExpositionException {
        double value = line.value;
        line.value = listener.onLine(line);
        if (families.add(owner, line.toSample()) > ParseLimits.MAX_SAMPLES) {
            throw in.unexpected(line.nameAt, "sample", "at most " + ParseLimits.MAX_SAMPLES + " samples in a page");
        }
        line.value = value;
    }
}
