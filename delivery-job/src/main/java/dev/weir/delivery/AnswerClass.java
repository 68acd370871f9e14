package dev.weir.delivery;

import java.util.List;
import java.util.Locale;

/**
 * What a receiver's answer to a write means. Decided here and nowhere else.
 *
 * <p>The remote-write 1.0 specification asks to retry 5xx and 429 and to give up on every other 4xx. Weir gives up on data
 * only where the answer is about the data: 400, 409, 413 and 422. Everything else (an expired token, a wrong path, an unpaid
 * bill, a proxy's redirect) is about a setting that somebody will correct, and nothing is lost by waiting, since the topic
 * is the queue; so it is tried again, and said loudly.
 */
enum AnswerClass {
    /** The receiver has everything in the request. */
    DELIVERED,
    /**
     * Something in the request is older than, or as old as, what the receiver has. For a re-send that is proof of
     * delivery; for anything else it is a rejection.
     */
    DUPLICATE,
    /**
     * Something in the request lies before the times that the receiver still takes in. For what may have been sent before
     * it is passed over, since nobody can tell old news from a re-send; for anything else it is a rejection.
     */
    TOO_OLD,
    /** The receiver takes no native histograms at all, and took in nothing of the request. */
    NO_NATIVE_HISTOGRAMS,
    /** The request is larger than what the receiver reads; it took in nothing of it, and a smaller one may pass. */
    TOO_LARGE,
    /** The receiver cannot take it now. */
    RETRY,
    /** Address, credentials or protocol are wrong: a person has to act, until then it is tried again. */
    MISCONFIGURED,
    /** Something in the request will never be taken. */
    REJECTED;

    /** How Prometheus says it: 2.42 with a 500, which a retry would never change. */
    private static final String NO_NATIVE_HISTOGRAMS_TEXT = "native histograms are disabled";

    /** A 400 of Go's, and of nginx', servers to plain HTTP on a port for HTTPS. */
    private static final List<String> MISCONFIGURED_TEXTS =
            List.of("http request to an https server", "plain http request was sent to https port");

    /** How Prometheus and Weir's own server end an "out of bounds" that is none of the past; Mimir says so too. */
    private static final List<String> TOO_NEW_TEXTS = List.of("too far in the future", "too-far-in-future");

    /**
     * How Prometheus ("out of order sample", "duplicate sample for timestamp", "duplicate native histogram sample for
     * timestamp"), Mimir (err-mimir-sample-duplicate-timestamp and others), Cortex, Thanos and Weir's own server say it, in
     * lower case.
     */
    private static final List<String> DUPLICATE_TEXTS = List.of(
            "out of order",
            "out-of-order",
            "duplicate sample",
            "duplicate native histogram",
            "duplicate-timestamp",
            "duplicate timestamp",
            "same timestamp");

    /**
     * How Prometheus ("out of bounds", "too old sample"), Mimir, Cortex and Weir's own server say it. VictoriaMetrics says
     * "too small timestamp", but to its log only: it answers 204.
     */
    private static final List<String> TOO_OLD_TEXTS =
            List.of("out of bounds", "too old", "too-old", "too small timestamp");

    /** The class of an HTTP answer; {@code body} may be cut short. */
    static AnswerClass of(int status, String body) {
        if (status >= 200 && status < 300) {
            return DELIVERED;
        }
        String text = body.toLowerCase(Locale.ROOT);
        if (status >= 400 && text.contains(NO_NATIVE_HISTOGRAMS_TEXT)) {
            return NO_NATIVE_HISTOGRAMS;
        }
        if (status >= 500 || status == 429 || status == 408 || status == 425) {
            return RETRY;
        }
        return switch (status) {
            case 400, 422 -> ofText(text, REJECTED);
            case 409 -> ofText(text, DUPLICATE); // Thanos' "conflict", whatever the text.
            case 413 -> TOO_LARGE;
            default -> MISCONFIGURED; // 1xx and 3xx too: not a receiver's address.
        };
    }

    /** Whether the same request is to be sent again until it has another answer. */
    boolean isRepeated() {
        return this == RETRY || this == MISCONFIGURED;
    }

    private static AnswerClass ofText(String text, AnswerClass otherwise) {
        if (MISCONFIGURED_TEXTS.stream().anyMatch(text::contains)) {
            return MISCONFIGURED;
        }
        if (TOO_NEW_TEXTS.stream().anyMatch(text::contains)) {
            return REJECTED;
        }
        if (DUPLICATE_TEXTS.stream().anyMatch(text::contains)) {
            return DUPLICATE;
        }
        return TOO_OLD_TEXTS.stream().anyMatch(text::contains) ? TOO_OLD : otherwise;
    }
}
