package dev.weir.queryserver.store;

import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of texts, written or read in order. A text is the byte 0 if it is the one that was last at its place of a row, else the byte
 * 1 and the text: series that follow each other have most labels in common.
 */
final class RepeatedTexts {
    private static final int LEAST_PLACES = 16;

    private @Nullable String[] last = new @Nullable String[LEAST_PLACES];

    /** Forgets all rows. */
    void clear() {
        Arrays.fill(last, null);
    }

    void write(int place, String text, ByteWriter into) {
        if (text.equals(at(place))) {
            into.writeByte(0);
        } else {
            into.writeByte(1);
            into.writeString(text);
            last[place] = text;
        }
    }

    /** @throws IllegalStateException if it is said to be the one before and there is none */
    String read(int place, ByteReader from, ByteReader.Texts texts) {
        String text = at(place);
        if (from.readByte() != 0) {
            text = from.readString(texts);
            last[place] = text;
        } else if (text == null) {
            throw new IllegalStateException("text " + place + " of a series repeats that of none");
        }
        return text;
    }

    private @Nullable String at(int place) {
        if (place >= last.length) {
            last = Arrays.copyOf(last, Math.max(place + 1, 2 * last.length));
        }
        return last[place];
    }
}
