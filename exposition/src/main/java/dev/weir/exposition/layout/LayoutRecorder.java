package dev.weir.exposition.layout;

import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.LineListener;
import dev.weir.exposition.ParseLimits;
import dev.weir.exposition.Sample;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects a page's constants and numbers while it is parsed. */
final class LayoutRecorder implements LineListener {
    private final byte[] body;
    private final int end;
    private final ExpositionFormat format;
    private final ByteArrayOutputStream constants;
    private int[] lengths = new int[256];
    private boolean[] timestamps = new boolean[256];
    private int tokens;
    /** Behind the newest token. */
    private int pos;

    private boolean repeatable = true;
    final LineValues values = new LineValues();

    LayoutRecorder(byte[] body, int offset, int length, ExpositionFormat format) {
        this.body = body;
        this.pos = offset;
        this.end = offset + length;
        this.format = format;
        this.constants = new ByteArrayOutputStream(length);
    }

    @Override
    public double onLine(Line line) {
        int number = values.size();
        boolean timed = line.timestampMs() != Sample.NO_TIMESTAMP;
        values.add(line.value(), line.timestampMs());
        if (repeatable) {
            addToken(line.valueAt(), line.valueEnd(), false);
            if (timed) {
                addToken(line.timestampAt(), line.timestampEnd(), true);
            }
        }
        return number;
    }

    @Override
    public void onUnrepeatable() {
        repeatable = false;
    }

    /** Null if the page cannot be repeated. */
    @Nullable
    PageLayout layout() {
        if (!repeatable) {
            return null;
        }
        int tail = end - pos;
        addToken(end, end, false);
        // A line may not become longer than the parser allows, whatever its numbers are.
        int longest = ParseLimits.MAX_LINE_BYTES / 4;
        for (int i = 0; i < tokens; i++) {
            if (lengths[i] > longest) {
                return null;
            }
        }
        return new PageLayout(
                format,
                constants.toByteArray(),
                Arrays.copyOf(lengths, tokens - 1),
                tail,
                values.timed() ? Arrays.copyOf(timestamps, tokens - 1) : null,
                values.size());
    }

    private void addToken(int from, int to, boolean timestamp) {
        if (tokens == lengths.length) {
            lengths = Arrays.copyOf(lengths, 2 * tokens);
            timestamps = Arrays.copyOf(timestamps, 2 * tokens);
        }
        constants.write(body, pos, from - pos);
        lengths[tokens] = from - pos;
        timestamps[tokens++] = timestamp;
        pos = to;
    }
}
