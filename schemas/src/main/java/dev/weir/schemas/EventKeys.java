package dev.weir.schemas;

import java.nio.charset.StandardCharsets;

/**
 * The Kafka keys of events. Kafka's own partitioner (murmur2 of the key) makes partitions of them: what writes events of one
 * target by another would part its scrapes.
 */
public final class EventKeys {
    private static final char SEPARATOR = '\0';

    private EventKeys() {}

    /** That of a target's scrapes: project, job and scrape URL in UTF-8, with a zero byte between them. */
    public static byte[] scrape(String project, String job, String targetUrl) {
        return (project + SEPARATOR + job + SEPARATOR + targetUrl).getBytes(StandardCharsets.UTF_8);
    }

    /** That of the event's target. */
    public static byte[] of(ScrapeEvent event) {
        return scrape(event.getProject(), event.getJob(), event.getTargetUrl());
    }

    /** That of the event's request: its id, so that a repetition meets its first telling soon. */
    public static byte[] of(RequestEvent event) {
        return event.getRequestId().getBytes(StandardCharsets.UTF_8);
    }
}
