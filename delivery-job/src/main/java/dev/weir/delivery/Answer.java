package dev.weir.delivery;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP answer of a receiver.
 *
 * @param body the first bytes of its text
 * @param retryAfter the Retry-After header as sent, null without one
 */
record Answer(int status, String body, @Nullable String retryAfter) {
    AnswerClass classify() {
        return AnswerClass.of(status, body);
    }

    /** The answer on one line, short enough for a log. */
    String describe() {
        String line = body.strip().replaceAll("\\s+", " ");
        return "HTTP " + status + (line.isEmpty() ? "" : ": " + line.substring(0, Math.min(300, line.length())));
    }
}
