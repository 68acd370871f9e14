package dev.weir.queryserver.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of a request: those of a form first, then those of the query string. Immutable. */
public final class Params {
    private static final int MAX_PARAMETERS = 10_000;

    private static final int MAX_OFFENDER_LENGTH = 40;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    /**
     * Reads {@code application/x-www-form-urlencoded} texts, in order.
     *
     * @throws ApiException if an escape is none, its bytes are no UTF-8, or there are more than 10,000 parameters
     */
    public static Params parse(String... encodedTexts) throws ApiException {
        Params params = new Params();
        int count = 0;
        for (String encoded : encodedTexts) {
            for (int start = 0, end; start < encoded.length(); start = end + 1) {
                end = encoded.indexOf('&', start);
                end = end < 0 ? encoded.length() : end;
                if (end == start) {
                    continue;
                }
                if (++count > MAX_PARAMETERS) {
                    throw new ApiException(
                            ErrorType.BAD_DATA,
                            "error parsing form values: more than " + MAX_PARAMETERS
                                    + " parameters (expected: at most maxParameters = " + MAX_PARAMETERS + ")");
                }
                params.add(encoded.substring(start, end));
            }
        }
        return params;
    }

    private void add(String pair) throws ApiException {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1), true);
        values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
    }

    /** The first value, or "" if there is none. */
    public String get(String name) {
        List<String> all = values.get(name);
        return all == null ? "" : all.get(0);
    }

    /** In the order of their first values. */
    public Set<String> names() {
        return Collections.unmodifiableSet(values.keySet());
    }

    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Undoes percent-encoding, of a path's segment where {@code plusIsSpace} is false. */
    static String decode(String encoded, boolean plusIsSpace) throws ApiException {
        if (encoded.indexOf('%') < 0 && encoded.indexOf('+') < 0 && isAscii(encoded)) {
            return encoded;
        }
        byte[] raw = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    String offender = new String(raw, i, Math.min(3, raw.length - i), StandardCharsets.UTF_8);
                    throw new ApiException(
                            ErrorType.BAD_DATA, "error parsing form values: invalid URL escape \"" + offender + "\"");
                }
                bytes.put((byte) (high << 4 | low));
                i += 2;
            } else {
                bytes.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new ApiException(
                    ErrorType.BAD_DATA, "error parsing form values: invalid UTF-8 in \"" + shortened(encoded) + "\"");
        }
    }

    private static String shortened(String text) {
        return text.length() <= MAX_OFFENDER_LENGTH ? text : text.substring(0, MAX_OFFENDER_LENGTH) + "...";
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
