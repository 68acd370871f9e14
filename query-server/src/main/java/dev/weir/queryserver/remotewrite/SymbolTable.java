package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.schemas.remotewrite.v2.Request;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The strings of a remote-write 2.0 request, each of which it holds once: valid UTF-8, the first one empty. Each has a hash
 * from the start, and becomes a text when it is first asked for, which those of series that are known never are.
 */
final class SymbolTable {
    static final int MAX_SYMBOLS = 1_000_000;

    private final byte[] bytes;
    private int size;

    /** Where each symbol begins, and ends. */
    private int[] bounds = new int[512];

    /** Two numbers of each symbol. */
    private long[] hashes = new long[512];

    private @Nullable String[] texts = new @Nullable String[0];

    private SymbolTable(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads the symbols out of a request, wherever in it they stand. */
    static SymbolTable read(SnappyBlock.Content request, LabelHash hash) throws IOException, InvalidWriteException {
        SymbolTable table = new SymbolTable(request.bytes());
        CodedInputStream in = CodedInputStream.newInstance(request.bytes(), 0, request.length());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tagOf(Request.SYMBOLS_FIELD_NUMBER)) {
                int length = in.readRawVarint32();
                int from = in.getTotalBytesRead();
                in.skipRawBytes(length);
                table.add(from, from + length, hash);
            } else {
                in.skipField(tag);
            }
        }
        table.texts = new @Nullable String[table.size];
        return table;
    }

    int size() {
        return size;
    }

    /** Adds the hash of a symbol to a row. */
    void addTo(LabelHash row, int reference) {
        row.addToRow(hashes[2 * reference], hashes[2 * reference + 1]);
    }

    /**
     * The symbol that a series refers to.
     *
     * @param seriesIndex which series of the request, for errors
     * @param what for errors: label name, help ...
     */
    String text(int reference, int seriesIndex, String what, int maxBytes) throws InvalidWriteException {
        if (reference < 0 || reference >= size) {
            throw invalid("series " + seriesIndex + ": " + what + " is symbol " + Integer.toUnsignedString(reference)
                    + " (expected: one of the request's " + size + " symbols)");
        }
        int length = bounds[2 * reference + 1] - bounds[2 * reference];
        if (length > maxBytes) {
            throw invalid("series " + seriesIndex + ": " + what + " of " + length + " bytes (expected: at most "
                    + maxBytes + ")");
        }
        String text = texts[reference];
        if (text == null) {
            text = decoded(bounds[2 * reference], bounds[2 * reference + 1], reference);
            texts[reference] = text;
        }
        return text;
    }

    private void add(int from, int to, LabelHash hash) throws InvalidWriteException {
        if (size == MAX_SYMBOLS) {
            throw new InvalidWriteException(
                    Reason.TOO_LARGE,
                    "write request: more symbols than allowed (expected: at most maxSymbols = " + MAX_SYMBOLS + ")");
        }
        if (!Utf8.isAscii(bytes, from, to)) {
            String unused = decoded(from, to, size);
        }
        if (size == 0 && to > from) {
            throw invalid("symbol 0 is not empty (expected: \"\", as remote write 2.0 has it)");
        }
        if (2 * size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 4 * size);
            hashes = Arrays.copyOf(hashes, 4 * size);
        }
        hash.of(bytes, from, to);
        bounds[2 * size] = from;
        bounds[2 * size + 1] = to;
        hashes[2 * size] = hash.first();
        hashes[2 * size + 1] = hash.second();
        size++;
    }

    private String decoded(int from, int to, int reference) throws InvalidWriteException {
        String text = Utf8.decode(Arrays.copyOfRange(bytes, from, to));
        if (text == null) {
            throw invalid("symbol " + reference + " is no valid UTF-8");
        }
        return text;
    }

    private static int tagOf(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static InvalidWriteException invalid(String message) {
        return new InvalidWriteException(Reason.LABELS, message);
    }
}
