package dev.weir.exposition;

import dev.weir.series.Labels;

/** Reads the messages that several others hold: LabelPair, Exemplar, Timestamp. */
final class ProtobufPartsReader {
    private static final int NAME = 1;
    private static final int VALUE = 2;

    private static final int EXEMPLAR_LABEL = 1;
    private static final int EXEMPLAR_VALUE = 2;
    private static final int EXEMPLAR_TIMESTAMP = 3;

    private static final int SECONDS = 1;
    private static final int NANOS = 2;

    /** The end of the year 9999, up to where google.protobuf.Timestamp goes; the start is as far for our purposes. */
    private static final long MAX_SECONDS = 253_402_300_799L;

    private static final int MAX_NANOS = 999_999_999;
    private static final int NANOS_PER_MS = 1_000_000;
    private static final long MS_PER_SECOND = 1_000;

    private final WireReader in;
    private final ProtobufStrings strings;

    ProtobufPartsReader(WireReader in, ProtobufStrings strings) {
        this.in = in;
        this.strings = strings;
    }

    /** Adds the label of the current field, the {@code number}-th of its metric. */
    void readLabel(Labels.Builder labels, int number) throws ExpositionException {
        int at = in.pos();
        if (number > ParseLimits.MAX_LABELS) {
            throw in.error(at, "label " + number, "at most " + ParseLimits.MAX_LABELS + " labels");
        }
        int outer = in.enter("label");
        String name = "";
        String value = "";
        while (in.nextField()) {
            switch (in.field()) {
                case NAME -> name = strings.read("label name", ParseLimits.MAX_STRING_BYTES);
                case VALUE -> value = strings.read("value of label " + name, ParseLimits.MAX_STRING_BYTES);
                default -> in.skip();
            }
        }
        in.leave(outer);
        if (name.isEmpty() || name.equals(Labels.METRIC_NAME)) {
            throw in.error(at, "label name: \"" + name + "\"", "a name other than __name__, of at least one character");
        }
        if (labels.get(name) != null) {
            throw in.error(at, "two labels " + name, "each label once");
        }
        labels.set(name, value);
    }

    Exemplar readExemplar() throws ExpositionException {
        int outer = in.enter("exemplar");
        Labels.Builder labels = Labels.builder();
        int labelCount = 0;
        double value = 0;
        long timestampMs = Sample.NO_TIMESTAMP;
        while (in.nextField()) {
            switch (in.field()) {
                case EXEMPLAR_LABEL -> readLabel(labels, ++labelCount);
                case EXEMPLAR_VALUE -> value = in.float64("value of an exemplar");
                case EXEMPLAR_TIMESTAMP -> timestampMs = readTimestamp("timestamp of an exemplar");
                default -> in.skip();
            }
        }
        in.leave(outer);
        return new Exemplar(labels.build(), value, timestampMs);
    }

    /** Unix time in ms. */
    long readTimestamp(String what) throws ExpositionException {
        int at = in.pos();
        int outer = in.enter(what);
        long seconds = 0;
        long nanos = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case SECONDS -> seconds = in.int64(what);
                case NANOS -> nanos = in.int64(what);
                default -> in.skip();
            }
        }
        in.leave(outer);
        if (Math.abs(seconds) > MAX_SECONDS || seconds == Long.MIN_VALUE) {
            throw in.error(at, what + ": " + seconds + " s", "a time up to the year 9999");
        }
        if (nanos < 0 || nanos > MAX_NANOS) {
            throw in.error(at, what + ": " + nanos + " ns", "0 to " + MAX_NANOS);
        }
        return seconds * MS_PER_SECOND + Math.floorDiv(nanos, NANOS_PER_MS);
    }
}
