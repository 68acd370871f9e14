package dev.weir.standalone.flink;

import com.google.re2j.Pattern;
import dev.weir.configuration.Secret;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a job that runs is the job that is wanted: a digest of all that it is built from. It holds a secret that is
 * given in place, so that another one counts as a change; of a secret in a file only the file's name, since jobs read that
 * anew.
 */
final class Fingerprint {
    private Fingerprint() {}

    /**
     * The digest of records, lists, maps and plain values; a path stands for the file's content.
     *
     * @throws IllegalArgumentException naming the class of a value of another kind
     */
    static String of(Object... parts) {
        StringBuilder text = new StringBuilder();
        append(text, List.of(parts));
        return digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String content(Path file) {
        try {
            return digest(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        if (value == null) {
            text.append('-');
        } else if (value instanceof Record all) {
            appendRecord(text, all);
        } else if (value instanceof Iterable<?> all && !(value instanceof Path) && !(value instanceof Labels)) {
            text.append('[');
            all.forEach(one -> append(text, one));
            text.append(']');
        } else if (value instanceof Map<?, ?> all) {
            // Whose order differs from process to process.
            Map<String, Object> sorted = new TreeMap<>();
            all.forEach((key, one) -> sorted.put(key.toString(), one));
            text.append('{');
            sorted.forEach((key, one) -> {
                appendText(text, key);
                append(text, one);
            });
            text.append('}');
        } else if (value instanceof Secret secret) {
            appendText(text, secret.file() == null ? reveal(secret) : secret.toString());
        } else if (value instanceof Path file) {
            appendText(text, content(file));
        } else {
            appendText(text, plain(value));
        }
    }

    private static void appendRecord(StringBuilder text, Record value) {
        text.append(value.getClass().getSimpleName()).append('(');
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                append(text, component.getAccessor().invoke(value));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        text.append(')');
    }

    /** With its length, so that no two sequences of values read alike. */
    private static void appendText(StringBuilder text, String value) {
        text.append(value.length()).append(':').append(value);
    }

    private static String plain(Object value) {
        if (value instanceof Pattern pattern) {
            return pattern.pattern();
        }
        if (value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Enum<?>
                || value instanceof Duration
                || value instanceof URI
                || value instanceof Labels) {
            return value.toString();
        }
        throw new IllegalArgumentException("a " + value.getClass().getName() + " (expected: a record or plain value)");
    }

    private static String reveal(Secret secret) {
        try {
            return secret.reveal();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
