package dev.weir.exposition;

import dev.weir.exposition.StrictRules.Descriptor;
import java.util.Map;
import java.util.TreeMap;

/** OpenMetrics 1.0: single blanks, no comments, a page that ends with {@code # EOF}. */
final class OpenMetricsParser {
    private static final double MS_PER_SECOND = 1000;
    private static final String EOF = "# EOF";
    private static final Map<String, MetricType> TYPES = new TreeMap<>();

    static {
        for (MetricType type : MetricType.values()) {
            TYPES.put(type.word(), type);
        }
    }

    private final Scanner in;
    private final LabelBlockReader blocks;
    private final FamilyCollector families = new FamilyCollector(ExpositionFormat.OPENMETRICS_1_0);
    private final StrictRules rules;
    private final SampleReader samples;
    private final LineListener listener;

    OpenMetricsParser(Scanner in, ParseMode mode, LineListener listener) {
        this.in = in;
        this.blocks = new LabelBlockReader(in, new StringTable(in.bytes), ExpositionFormat.OPENMETRICS_1_0, mode);
        this.rules = mode == ParseMode.STRICT ? new StrictOpenMetricsRules(in) : StrictRules.NONE;
        this.samples = new SampleReader(in, blocks, families, rules, mode, listener);
        this.listener = listener;
    }

    Exposition parse() throws ExpositionException {
        while (true) {
            int c = in.peek();
            if (c == Scanner.END) {
                throw in.unexpected(in.pos, "page", "# EOF as its last line");
            }
            if (c == '#') {
                if (in.startsWith(EOF)) {
                    readEof();
                    rules.onEnd();
                    return families.build();
                }
                readDescriptor();
            } else {
                readSample();
            }
            if (in.peek() == Scanner.END) {
                throw in.unexpected(in.pos, "page", "# EOF as its last line");
            }
            if (in.peek() != '\n') {
                throw in.unexpected(in.pos, "after the line's content", "a line feed");
            }
            in.endLine();
        }
    }

    private void readEof() throws ExpositionException {
        in.pos += EOF.length();
        if (in.peek() == '\n') {
            in.pos++;
        }
        if (in.pos < in.end) {
            throw in.unexpected(in.pos, "after # EOF", "the end of the page");
        }
    }

    private void readDescriptor() throws ExpositionException {
        int start = in.pos;
        Descriptor kind = null;
        for (Descriptor candidate : Descriptor.values()) {
            if (in.startsWith("# " + candidate.name() + " ")) {
                kind = candidate;
            }
        }
        if (kind == null) {
            throw in.unexpected(start, "line", "# HELP, # TYPE, # UNIT or # EOF; OpenMetrics has no comments");
        }
        in.pos += 7;
        int nameAt = in.pos;
        String name = blocks.readMetricName("metric name");
        if (in.peek() != ' ') {
            throw in.unexpected(in.pos, "after the name in # " + kind, "one blank");
        }
        in.pos++;
        int contentAt = in.pos;
        int contentEnd = in.skipToLineEnd();
        in.checkLineLength();
        String content = StringTable.decode(in.bytes, contentAt, contentEnd);
        if (content == null) {
            throw in.unexpected(contentAt, contentEnd, kind.name(), "valid UTF-8");
        }
        apply(kind, name, nameAt, content, contentAt);
    }

    private void apply(Descriptor kind, String name, int nameAt, String content, int contentAt)
            throws ExpositionException {
        MetricType type = kind == Descriptor.TYPE ? TYPES.get(content) : MetricType.UNKNOWN;
        if (type == null) {
            throw in.unexpected(contentAt, in.pos, "type", "one of " + String.join(", ", TYPES.keySet()));
        }
        if (kind == Descriptor.UNIT && !content.isEmpty() && !name.endsWith("_" + content)) {
            throw in.unexpected(contentAt, in.pos, "unit of " + name, "a suffix of the name, after an underscore");
        }
        rules.onDescriptor(kind, name, nameAt, content);
        FamilyCollector.Draft family = families.declare(name);
        switch (kind) {
            case TYPE -> rules.onType(family, nameAt, families.setType(family, type));
            case HELP -> {
                if (family.help == null) {
                    family.help = content.indexOf('\\') < 0 ? content : LabelBlockReader.unescape(content);
                }
            }
            case UNIT -> {
                if (family.unit == null) {
                    family.unit = content;
                }
            }
        }
    }

    private void readSample() throws ExpositionException {
        SampleLine line = samples.line;
        samples.readSeries(false);
        skipBlank("value");
        line.valueAt = in.pos;
        if (in.peek() == '{') {
            readNativeHistogram();
            return;
        }
        line.valueEnd = skipToken();
        line.value = samples.readNumber(line.valueAt, line.valueEnd, "value");
        if (in.peek() == ' ' && !in.startsWith(" # ")) {
            in.pos++;
            line.timestampAt = in.pos;
            line.timestampEnd = skipToken();
            line.timestampSeconds = readTimestamp(line.timestampAt, line.timestampEnd);
            line.timestampMs = toMs(line.timestampSeconds);
            listener.onUnrepeatable(); // Seconds with a fraction, which hardly any exporter sends.
        }
        if (in.startsWith(" # {")) {
            in.pos += 3;
            line.exemplarAt = in.pos;
            line.exemplar = readExemplar();
            listener.onUnrepeatable();
        }
        samples.emit();
    }

    private Exemplar readExemplar() throws ExpositionException {
        int labelsAt = in.pos;
        LabelBlock block = blocks.readBlock();
        if (block.name() != null) {
            throw in.unexpected(labelsAt, in.pos, "exemplar", "labels only");
        }
        skipBlank("value of the exemplar");
        int valueAt = in.pos;
        double value = samples.readNumber(valueAt, skipToken(), "value of the exemplar");
        long timestampMs = Sample.NO_TIMESTAMP;
        if (in.peek() == ' ') {
            in.pos++;
            int timestampAt = in.pos;
            timestampMs = toMs(readTimestamp(timestampAt, skipToken()));
        }
        return new Exemplar(block.labels(), value, timestampMs);
    }

    /** The composite value of a native histogram, which later drafts of OpenMetrics have. */
    private void readNativeHistogram() throws ExpositionException {
        NativeHistogramValue value = NativeHistogramValue.read(in, samples);
        if (in.peek() != '\n' && in.peek() != Scanner.END) {
            throw in.unexpected(in.pos, "after the native histogram", "the end of the line");
        }
        samples.emit(value);
    }

    private double readTimestamp(int from, int to) throws ExpositionException {
        double seconds = samples.readNumber(from, to, "timestamp");
        if (Double.isNaN(seconds) || Double.isInfinite(seconds)) {
            throw in.unexpected(from, to, "timestamp", "a finite number of seconds");
        }
        return seconds;
    }

    private static long toMs(double seconds) {
        // Saturates, and stays clear of the one long that stands for no timestamp.
        return Math.max(Math.round(seconds * MS_PER_SECOND), Sample.NO_TIMESTAMP + 1);
    }

    private void skipBlank(String before) throws ExpositionException {
        if (in.peek() != ' ') {
            throw in.unexpected(in.pos, "before the " + before, "one blank");
        }
        in.pos++;
    }

    /** Steps to the next blank or line feed; a tab is part of the token, and so an error. */
    private int skipToken() {
        while (in.pos < in.end && in.bytes[in.pos] != ' ' && in.bytes[in.pos] != '\n') {
            in.pos++;
        }
        return in.pos;
    }
}
