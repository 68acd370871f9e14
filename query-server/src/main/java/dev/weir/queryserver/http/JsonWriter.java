package dev.weir.queryserver.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes JSON to a stream as it comes, commas included. Not thread-safe. */
public final class JsonWriter {
    private static final int BUFFER_BYTES = 16 * 1024;
    /** Comma, sign, the digits of a long, point. */
    private static final int MAX_SECONDS_BYTES = 24;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int size;
    private boolean needsComma;

    public JsonWriter(OutputStream out) {
        this.out = out;
    }

    public JsonWriter beginObject() throws IOException {
        return begin('{');
    }

    public JsonWriter endObject() throws IOException {
        return end('}');
    }

    public JsonWriter beginArray() throws IOException {
        return begin('[');
    }

    public JsonWriter endArray() throws IOException {
        return end(']');
    }

    public JsonWriter name(String name) throws IOException {
        string(name);
        write(':');
        needsComma = false;
        return this;
    }

    public JsonWriter string(String text) throws IOException {
        comma();
        write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                write(c);
            } else if (c < 0x80) {
                escape(c);
            } else {
                int end = i + 1;
                while (end < text.length() && text.charAt(end) >= 0x80) {
                    end++;
                }
                raw(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
                i = end - 1;
            }
        }
        write('"');
        needsComma = true;
        return this;
    }

    /** A number, or any other JSON value, that is text already. */
    public JsonWriter raw(String json) throws IOException {
        comma();
        raw(json.getBytes(StandardCharsets.UTF_8));
        needsComma = true;
        return this;
    }

    /** Milliseconds as a number of seconds with three decimals, or none: {@code 1.250}, {@code 1}. */
    public JsonWriter seconds(long millis) throws IOException {
        reserve(MAX_SECONDS_BYTES);
        putComma();
        putSeconds(millis);
        needsComma = true;
        return this;
    }

    /** An array of a time as {@link #seconds} writes it and of a short string of ASCII that needs no escapes. */
    public JsonWriter point(long millis, String plain) throws IOException {
        reserve(MAX_SECONDS_BYTES + plain.length() + 5);
        putComma();
        put('[');
        putSeconds(millis);
        put(',');
        put('"');
        for (int i = 0; i < plain.length(); i++) {
            put(plain.charAt(i));
        }
        put('"');
        put(']');
        needsComma = true;
        return this;
    }

    public JsonWriter flush() throws IOException {
        out.write(buffer, 0, size);
        size = 0;
        return this;
    }

    private JsonWriter begin(char bracket) throws IOException {
        comma();
        write(bracket);
        needsComma = false;
        return this;
    }

    private JsonWriter end(char bracket) throws IOException {
        write(bracket);
        needsComma = true;
        return this;
    }

    private void comma() throws IOException {
        if (needsComma) {
            write(',');
        }
    }

    private void escape(char c) throws IOException {
        write('\\');
        switch (c) {
            case '"', '\\' -> write(c);
            case '\n' -> write('n');
            case '\r' -> write('r');
            case '\t' -> write('t');
            default -> {
                write('u');
                write('0');
                write('0');
                write((char) HEX[c >>> 4]);
                write((char) HEX[c & 15]);
            }
        }
    }

    private void raw(byte[] bytes) throws IOException {
        if (bytes.length > buffer.length - size) {
            flush();
            if (bytes.length > buffer.length) {
                out.write(bytes);
                return;
            }
        }
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    private void putComma() {
        if (needsComma) {
            put(',');
        }
    }

    private void putSeconds(long millis) {
        if (millis < 0) {
            put('-');
        }
        putDigits(Math.abs(millis / 1000));
        int fraction = (int) Math.abs(millis % 1000);
        if (fraction != 0) {
            put('.');
            put((char) ('0' + fraction / 100));
            put((char) ('0' + fraction / 10 % 10));
            put((char) ('0' + fraction % 10));
        }
    }

    private void putDigits(long number) {
        int count = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            count++;
        }
        long rest = number;
        for (int at = size + count - 1; at >= size; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += count;
    }

    /** Makes room for so many bytes, no more than {@link #BUFFER_BYTES}, to be {@link #put}. */
    private void reserve(int bytes) throws IOException {
        if (bytes > buffer.length - size) {
            flush();
        }
    }

    private void put(char ascii) {
        buffer[size++] = (byte) ascii;
    }

    private void write(char ascii) throws IOException {
        if (size == buffer.length) {
            flush();
        }
        buffer[size++] = (byte) ascii;
    }
}
