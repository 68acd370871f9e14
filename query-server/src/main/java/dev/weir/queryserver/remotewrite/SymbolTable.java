package dev.weir.queryserver.remotewrite;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.weir.queryserver.remotewrite.InvalidWriteException.Reason;
import dev.weir.schemas.remotewrite.v2.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The strings of a remote-write 2.0 request, each of which it holds once: valid UTF-8, the first one empty. */
final class SymbolTable {
    static final int MAX_SYMBOLS = 1_000_000;

    private final List<Symbol> symbols = new ArrayList<>();

    private record Symbol(String text, int utf8Bytes) {}

    private SymbolTable() {}

    /** Reads the symbols out of a request, wherever in it they stand. */
    static SymbolTable read(CodedInputStream in) throws IOException, InvalidWriteException {
        SymbolTable table = new SymbolTable();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == tagOf(Request.SYMBOLS_FIELD_NUMBER)) {
                table.add(in.readByteArray());
            } else {
                in.skipField(tag);
            }
        }
        return table;
    }

    /**
     * The symbol that a series refers to.
     *
     * @param seriesIndex which series of the request, for errors
     * @param what for errors: label name, help ...
     */
    String text(int reference, int seriesIndex, String what, int maxBytes) throws InvalidWriteException {
        if (reference < 0 || reference >= symbols.size()) {
            throw invalid("series " + seriesIndex + ": " + what + " is symbol " + Integer.toUnsignedString(reference)
                    + " (expected: one of the request's " + symbols.size() + " symbols)");
        }
        Symbol symbol = symbols.get(reference);
        if (symbol.utf8Bytes > maxBytes) {
            throw invalid("series " + seriesIndex + ": " + what + " of " + symbol.utf8Bytes
                    + " bytes (expected: at most " + maxBytes + ")");
        }
        return symbol.text;
    }

    private void add(byte[] utf8) throws InvalidWriteException {
        if (symbols.size() == MAX_SYMBOLS) {
            throw new InvalidWriteException(
                    Reason.TOO_LARGE,
                    "write request: more symbols than allowed (expected: at most maxSymbols = " + MAX_SYMBOLS + ")");
        }
        String text = Utf8.decode(utf8);
        if (text == null) {
            throw invalid("symbol " + symbols.size() + " is no valid UTF-8");
        }
        if (symbols.isEmpty() && !text.isEmpty()) {
            throw invalid("symbol 0 is not empty (expected: \"\", as remote write 2.0 has it)");
        }
        symbols.add(new Symbol(text, utf8.length));
    }

    private static int tagOf(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private static InvalidWriteException invalid(String message) {
        return new InvalidWriteException(Reason.LABELS, message);
    }
}
