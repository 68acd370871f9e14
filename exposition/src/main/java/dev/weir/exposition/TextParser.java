package dev.weir.exposition;

import dev.weir.exposition.StrictRules.Descriptor;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Text format 0.0.4, with the quoted names of 1.0.0. */
final class TextParser {
    private static final Map<String, MetricType> TYPES = Map.of(
            "counter", MetricType.COUNTER,
            "gauge", MetricType.GAUGE,
            "histogram", MetricType.HISTOGRAM,
            "gaugehistogram", MetricType.GAUGE_HISTOGRAM,
            "gauge_histogram", MetricType.GAUGE_HISTOGRAM,
            "summary", MetricType.SUMMARY,
            "untyped", MetricType.UNKNOWN);

    /** Words of OpenMetrics, which exporters write into text pages too. */
    private static final Map<String, MetricType> FOREIGN_TYPES = Map.of(
            "info", MetricType.INFO,
            "stateset", MetricType.STATESET);

    private final Scanner in;
    private final boolean strict;
    private final LabelBlockReader blocks;
    private final FamilyCollector families = new FamilyCollector(ExpositionFormat.TEXT_0_0_4);
    private final StrictRules rules;
    private final SampleReader samples;
    private final LineListener listener;

    TextParser(Scanner in, ParseMode mode, LineListener listener) {
        this.in = in;
        this.strict = mode == ParseMode.STRICT;
        this.blocks = new LabelBlockReader(in, new StringTable(in.bytes), ExpositionFormat.TEXT_0_0_4, mode);
        this.rules = strict ? new StrictTextRules(in) : StrictRules.NONE;
        this.samples = new SampleReader(in, blocks, families, rules, mode, listener);
        this.listener = listener;
    }

    Exposition parse() throws ExpositionException {
        while (true) {
            in.skipBlanks();
            int c = in.peek();
            if (c == Scanner.END) {
                rules.onEnd();
                return families.build();
            }
            if (c == '#') {
                readComment();
            } else if (c != '\n' && !atCarriageReturn()) {
                readSample();
            }
            endLine();
        }
    }

    private void readSample() throws ExpositionException {
        SampleLine line = samples.line;
        samples.readSeries(true);
        in.skipBlanks();
        line.valueAt = in.pos;
        line.valueEnd = skipToken();
        line.value = samples.readNumber(line.valueAt, line.valueEnd, "value");
        in.skipBlanks();
        if (!atLineEnd() && in.peek() != '#') {
            line.timestampAt = in.pos;
            line.timestampEnd = skipToken();
            line.timestampMs = readTimestamp(line.timestampAt, line.timestampEnd);
            in.skipBlanks();
        }
        if (!strict && in.startsWith("# {")) {
            in.skipToLineEnd(); // An OpenMetrics exemplar, which has no meaning here.
            listener.onUnrepeatable();
        }
        if (!atLineEnd()) {
            throw in.unexpected(in.pos, "after the sample", "the end of the line");
        }
        samples.emit();
    }

    private long readTimestamp(int from, int to) throws ExpositionException {
        try {
            long timestampMs = Numbers.parseLong(in.bytes, from, to);
            if (timestampMs != Sample.NO_TIMESTAMP) {
                return timestampMs;
            }
        } catch (NumberFormatException e) {
            // Reported below, as the one long that stands for no timestamp.
        }
        throw in.unexpected(from, to, "timestamp", "an integer, in milliseconds");
    }

    private void readComment() throws ExpositionException {
        in.pos++;
        in.skipBlanks();
        boolean help = in.startsWith("HELP");
        if (help || in.startsWith("TYPE")) {
            in.pos += 4;
            int c = in.peek();
            if (c == ' ' || c == '\t') {
                in.skipBlanks();
                readDescriptor(help);
            }
        }
        in.skipToLineEnd();
    }

    private void readDescriptor(boolean help) throws ExpositionException {
        if (atLineEnd()) {
            return;
        }
        int nameAt = in.pos;
        String name = blocks.readMetricName("metric name after # " + (help ? "HELP" : "TYPE"));
        int c = in.peek();
        if (c != ' ' && c != '\t' && !atLineEnd()) {
            if (strict) {
                throw in.unexpected(in.pos, "metric name", "a blank after the name");
            }
            return; // To a scrape, such a line is a comment.
        }
        in.skipBlanks();
        int contentAt = in.pos;
        String content = readRestOfLine();
        if (help) {
            rules.onDescriptor(Descriptor.HELP, name, nameAt, content);
            FamilyCollector.Draft family = families.declare(name);
            if (family.help == null || family.help.isEmpty()) {
                family.help = content.indexOf('\\') < 0 ? content : LabelBlockReader.unescape(content);
            }
        } else if (!content.isEmpty()) {
            readType(name, nameAt, content.strip().toLowerCase(Locale.ROOT), contentAt);
        }
    }

    private void readType(String name, int nameAt, String word, int wordAt) throws ExpositionException {
        MetricType type = TYPES.get(word);
        if (type == null) {
            if (strict) {
                throw in.unexpected(wordAt, "type", "counter, gauge, histogram, summary or untyped");
            }
            type = FOREIGN_TYPES.getOrDefault(word, MetricType.UNKNOWN);
        }
        rules.onDescriptor(Descriptor.TYPE, name, nameAt, word);
        FamilyCollector.Draft family = families.declare(name);
        rules.onType(family, nameAt, families.setType(family, type));
    }

    private String readRestOfLine() throws ExpositionException {
        int from = in.pos;
        int to = in.skipToLineEnd();
        in.checkLineLength();
        if (!strict && to > from && in.bytes[to - 1] == '\r') {
            to--;
        }
        @Nullable String content = StringTable.decode(in.bytes, from, to);
        if (content != null) {
            return content;
        }
        if (strict) {
            throw in.unexpected(from, to, "HELP or TYPE", "valid UTF-8");
        }
        return new String(in.bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private int skipToken() {
        int to = in.skipToken();
        if (!strict && to > 0 && in.bytes[to - 1] == '\r' && to < in.end && in.bytes[to] == '\n') {
            in.pos = --to;
        }
        return to;
    }

    private boolean atLineEnd() {
        int c = in.peek();
        return c == '\n' || c == Scanner.END || atCarriageReturn();
    }

    /** Whether a line ends here as on Windows, which only a scrape forgives. */
    private boolean atCarriageReturn() {
        return !strict && in.peek() == '\r' && in.pos + 1 < in.end && in.bytes[in.pos + 1] == '\n';
    }

    private void endLine() throws ExpositionException {
        if (atCarriageReturn()) {
            in.pos++;
        }
        if (in.peek() == '\n') {
            in.endLine();
            return;
        }
        in.checkLineLength();
        if (strict) {
            throw in.unexpected(in.pos, "last line", "a line feed at its end");
        }
    }
}
