package dev.weir.queryserver.store;

import dev.weir.queryserver.encoding.ByteReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Texts of a pool by their bytes, so that one that was read before need not be made again to be found. Of those that would have
 * the same place, the last one stays.
 */
final class TextCache implements ByteReader.Texts {
    private static final int PLACES = 1 << 15;

    private final LabelPool pool;
    private final @Nullable String[] texts = new @Nullable String[PLACES];

    TextCache(LabelPool pool) {
        this.pool = pool;
    }

    @Override
    public String text(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        int place = (hash * 0x9e37_79b9) >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
        String known = texts[place];
        if (known != null && isAscii(known, bytes, from, to)) {
            return known;
        }
        String text = pool.shared(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        texts[place] = text;
        return text;
    }

    /** Whether the bytes are this text in ASCII. */
    private static boolean isAscii(String text, byte[] bytes, int from, int to) {
        if (text.length() != to - from) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (text.charAt(i - from) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
