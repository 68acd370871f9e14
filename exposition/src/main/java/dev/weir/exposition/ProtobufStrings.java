package dev.weir.exposition;

/** Strings of a protobuf page, each decoded once. */
final class ProtobufStrings {
    private final WireReader in;
    private final StringTable table;

    ProtobufStrings(WireReader in) {
        this.in = in;
        this.table = new StringTable(in.bytes);
    }

    /** The field's string. */
    String read(String what, int maxBytes) throws ExpositionException {
        int length = in.lengthOf(what);
        int from = in.pos();
        if (length > maxBytes) {
            throw in.error(from, what + ": " + length + " bytes", "at most " + maxBytes + " bytes");
        }
        String string = table.intern(from, from + length);
        if (string == null) {
            throw in.error(from, what + ": " + length + " bytes that are no text", "valid UTF-8");
        }
        in.seek(from + length);
        return string;
    }
}
