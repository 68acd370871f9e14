package dev.weir.exposition;

/**
 * Messages {@code io.prometheus.client.MetricFamily}, each after its length. What a page says as protobuf is given as
 * the samples that the same page has as text: {@code x_bucket}, {@code x_count} and {@code x_sum} of a histogram, and so
 * on. Beyond text, a sample knows its start, and a native histogram is a sample {@code x}, beside those of its count, sum
 * and classic buckets.
 */
final class ProtobufParser {
    private static final String[] TYPE_NAMES = {"COUNTER", "GAUGE", "SUMMARY", "UNTYPED", "HISTOGRAM", "GAUGE_HISTOGRAM"
    };
    private static final MetricType[] TYPES = {
        MetricType.COUNTER,
        MetricType.GAUGE,
        MetricType.SUMMARY,
        MetricType.UNKNOWN,
        MetricType.HISTOGRAM,
        MetricType.GAUGE_HISTOGRAM
    };

    private static final int NAME = 1;
    private static final int HELP = 2;
    private static final int TYPE = 3;
    private static final int METRIC = 4;
    private static final int UNIT = 5;

    private final WireReader in;
    private final ProtobufStrings strings;
    private final FamilyCollector families = new FamilyCollector(ExpositionFormat.PROTOBUF_DELIMITED);
    private final ProtobufSamples samples;
    private final ProtobufMetricReader metrics;

    ProtobufParser(WireReader in) {
        this.in = in;
        this.strings = new ProtobufStrings(in);
        this.samples = new ProtobufSamples(in, families);
        this.metrics = new ProtobufMetricReader(in, strings, samples);
    }

    Exposition parse() throws ExpositionException {
        while (!in.atEnd()) {
            in.setContext("");
            int outer = in.enterDelimited("metric family");
            readFamily();
            in.leave(outer);
        }
        return families.build();
    }

    /** In two passes, since fields come in any order, and what a metric means depends on the family's name and type. */
    private void readFamily() throws ExpositionException {
        int from = in.pos();
        String name = "";
        String help = "";
        String unit = "";
        int type = 0; // Senders of proto3 leave out a zero.
        while (in.nextField()) {
            switch (in.field()) {
                case NAME -> {
                    name = strings.read("name of the family", ParseLimits.MAX_STRING_BYTES);
                    in.setContext(name.isEmpty() ? "" : "family " + name + ": ");
                }
                case HELP -> help = strings.read("help", ParseLimits.MAX_LINE_BYTES);
                case UNIT -> unit = strings.read("unit", ParseLimits.MAX_STRING_BYTES);
                case TYPE -> type = readType();
                default -> in.skip();
            }
        }
        if (name.isEmpty()) {
            throw in.error(from, "metric family without a name", "a name of at least one character");
        }
        FamilyCollector.Draft family = families.declare(name);
        families.setType(family, TYPES[type]);
        family.help = family.help == null || family.help.isEmpty() ? help : family.help;
        family.unit = family.unit == null || family.unit.isEmpty() ? unit : family.unit;
        samples.startFamily(family);
        in.seek(from);
        while (in.nextField()) {
            if (in.field() == METRIC) {
                int outer = in.enter("metric");
                metrics.read(TYPE_NAMES[type], TYPES[type]);
                in.leave(outer);
            } else {
                in.skip();
            }
        }
    }

    private int readType() throws ExpositionException {
        int at = in.pos();
        long type = in.int64("type");
        if (type < 0 || type >= TYPES.length) {
            throw in.error(at, "type: " + type, "0 to " + (TYPES.length - 1));
        }
        return (int) type;
    }
}
