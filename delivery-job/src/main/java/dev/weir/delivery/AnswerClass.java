package dev.weir.delivery;

import java.util.List;
import java.util.Locale;

/**
 * What a receiver's answer to a write means. Decided here and nowhere else.
 *
 * <p>The remote-write 1.0 specification asks to retry 5xx and 429 and to give up on every other 4xx. Weir never gives up
 * on data because of a setting that somebody will correct, so answers that speak of the address, the credentials or the
 * protocol are waited out too.
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
    /** The receiver cannot take it now. */
    RETRY,
    /** Address, credentials or protocol are wrong: a person has to act, until then it is tried again. */
    MISCONFIGURED,
    /** Something in the request will never be taken. */
    REJECTED;

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
        if (status >= 500 || status == 429 || status == 408 || status == 425) {
            return RETRY;
        }
        return switch (status) {
            case 401, 403, 404, 405, 407, 410, 415, 421, 426 -> MISCONFIGURED;
            case 409 -> DUPLICATE; // Thanos answers so, whatever the text.
            case 400, 422 -> ofText(body.toLowerCase(Locale.ROOT));
            default -> status >= 400 ? REJECTED : MISCONFIGURED; // 1xx and 3xx: not a receiver's address.
        };
    }

    private static AnswerClass ofText(String text) {
        if (TOO_NEW_TEXTS.stream().anyMatch(text::contains)) {
            return REJECTED;
        }
        if (DUPLICATE_TEXTS.stream().anyMatch(text::contains)) {
            return DUPLICATE;
        }
        return TOO_OLD_TEXTS.stream().anyMatch(text::contains) ? TOO_OLD : REJECTED;
    }
}
