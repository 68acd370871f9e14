package dev.weir.simulator.metric;

import java.nio.charset.StandardCharsets;

/** A way of writing that is text. */
public interface TextExposition extends Exposition {
    /** Large enough for most bodies. */
    int TYPICAL_BODY_CHARS = 1 << 17;

    /** Appends the whole body. */
    void write(Snapshot snapshot, StringBuilder out);

    @Override
    default byte[] body(Snapshot snapshot) {
        StringBuilder text = new StringBuilder(TYPICAL_BODY_CHARS);
        write(snapshot, text);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
