package dev.weir.schemas;

import java.util.Map;
import java.util.regex.Pattern;

/** What the values of a scrape event may be, for those who produce them. Of the body only the size is looked at. */
public final class ScrapeEventCheck {
    /** The largest body; the topic takes one record of a body and what stands around it. */
    public static final int MAX_BODY_BYTES = 48 << 20;

    /** Labels and URL of a target may not be longer, so that its events stay below Kafka's limit. */
    public static final int MAX_TARGET_CHARS = 64 << 10;

    private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String RESERVED_PREFIX = "__";
    private static final int MAX_SHOWN_CHARS = 80;

    private ScrapeEventCheck() {}

    /** @throws InvalidEventException naming the first field whose value is of no use */
    public static void check(ScrapeEvent event) throws InvalidEventException {
        name("project", event.getProject());
        name("job", event.getJob());
        name("target_url", event.getTargetUrl());
        name("scraper_id", event.getScraperId());
        labels(event.getLabels(), event.getTargetUrl());
        if (event.getRequestEndMs() < event.getRequestStartMs()) {
            throw new InvalidEventException("request_end_ms: " + event.getRequestEndMs() + " with request_start_ms: "
                    + event.getRequestStartMs() + " (expected: not before the start)");
        }
        if (event.getIntervalMs() <= 0) {
            throw new InvalidEventException("interval_ms: " + event.getIntervalMs() + " (expected: > 0)");
        }
        int bodyBytes = event.getBody().remaining();
        if (bodyBytes > MAX_BODY_BYTES) {
            throw new InvalidEventException("body: " + bodyBytes + " bytes (expected: at most " + MAX_BODY_BYTES + ")");
        }
        if (event.getOutcome() != ScrapeOutcome.BODY && bodyBytes > 0) {
            throw new InvalidEventException("body: " + bodyBytes + " bytes with outcome " + event.getOutcome()
                    + " (expected: none without the outcome BODY)");
        }
    }

    private static void name(String field, String value) throws InvalidEventException {
        if (value.isEmpty()
                || value.length() > MAX_TARGET_CHARS
                || value.chars().anyMatch(c -> c < ' ')) {
            throw new InvalidEventException(field + ": \"" + shown(value) + "\" (expected: 1 to " + MAX_TARGET_CHARS
                    + " characters, none of them a control character)");
        }
    }

    private static void labels(Map<String, String> labels, String url) throws InvalidEventException {
        int chars = url.length();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            String name = label.getKey();
            if (name.startsWith(RESERVED_PREFIX) || !LABEL_NAME.matcher(name).matches()) {
                throw new InvalidEventException("label \"" + shown(name)
                        + "\" (expected: letters, digits and underscores, no digit first, not two underscores first)");
            }
            chars += name.length() + label.getValue().length();
        }
        if (chars > MAX_TARGET_CHARS) {
            throw new InvalidEventException(
                    "labels and target_url: " + chars + " characters (expected: at most " + MAX_TARGET_CHARS + ")");
        }
    }

    private static String shown(String text) {
        String start = text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
