package dev.weir.promql.parser;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** String literals: double- and single-quoted ones with escapes, and raw ones in back quotes. */
final class StringText {
    private static final String SIMPLE_ESCAPES = "abfnrtv\\";
    private static final String SIMPLE_VALUES = "\u0007\b\f\n\r\t\u000b\\";
    private static final int MAX_BYTE = 255;

    private StringText() {}

    /** Where the escape ends that follows the backslash before {@code position}. */
    static int escapeEnd(String input, int position, int quote, Function<String, PromQlParseException> error) {
        if (position >= input.length()) {
            throw error.apply("escape sequence not terminated");
        }
        char kind = input.charAt(position);
        if (SIMPLE_ESCAPES.indexOf(kind) >= 0 || kind == quote) {
            return position + 1;
        }
        int digits = digitCount(kind);
        if (digits == 0) {
            throw error.apply("unknown escape sequence " + unicode(input.codePointAt(position)));
        }
        int from = isOctal(kind) ? position : position + 1;
        int radix = isOctal(kind) ? 8 : 16;
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            if (i >= input.length()) {
                throw error.apply("escape sequence not terminated");
            }
            int digit = Character.digit(input.charAt(i), radix);
            if (digit < 0 || input.charAt(i) > 0x7f) {
                throw error.apply("illegal character " + unicode(input.codePointAt(i)) + " in escape sequence");
            }
            value = value * radix + digit;
        }
        long max = kind == 'u' || kind == 'U' ? Character.MAX_CODE_POINT : MAX_BYTE;
        if (value > max || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
            throw error.apply("escape sequence is an invalid Unicode code point");
        }
        return from + digits;
    }

    /**
     * The value of a literal with its quotes, whose escapes the lexer has checked. Bytes that are no
     * UTF-8 become lone surrogates, U+DC00 plus
     * the byte.
     */
    static String unquote(String literal) {
        String body = literal.substring(1, literal.length() - 1);
        if (literal.charAt(0) == '`' || body.indexOf('\\') < 0) {
            return body;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length());
        int i = 0;
        while (i < body.length()) {
            int c = body.codePointAt(i);
            i += Character.charCount(c);
            if (c != '\\') {
                writeUtf8(bytes, c);
                continue;
            }
            char kind = body.charAt(i);
            int simple = SIMPLE_ESCAPES.indexOf(kind);
            int digits = digitCount(kind);
            if (simple >= 0 || digits == 0) {
                bytes.write(simple >= 0 ? SIMPLE_VALUES.charAt(simple) : kind);
                i++;
                continue;
            }
            int from = isOctal(kind) ? i : i + 1;
            int value = Integer.parseInt(body.substring(from, from + digits), isOctal(kind) ? 8 : 16);
            if (kind == 'u' || kind == 'U') {
                writeUtf8(bytes, value);
            } else {
                bytes.write(value);
            }
            i = from + digits;
        }
        return decode(bytes.toByteArray());
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isMalformed()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (Character.MIN_LOW_SURROGATE + (in.get() & 0xff)));
            }
        }
    }

    private static void writeUtf8(ByteArrayOutputStream bytes, int codePoint) {
        bytes.writeBytes(new String(Character.toChars(codePoint)).getBytes(StandardCharsets.UTF_8));
    }

    private static int digitCount(char kind) {
        if (isOctal(kind)) {
            return 3;
        }
        return switch (kind) {
            case 'x' -> 2;
            case 'u' -> 4;
            case 'U' -> 8;
            default -> 0;
        };
    }

    private static boolean isOctal(char kind) {
        return kind >= '0' && kind <= '7';
    }

    private static String unicode(int c) {
        return String.format("U+%04X '%s'", c, new String(Character.toChars(c)));
    }
}
