package dev.weir.e2e;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Records that no honest producer writes to the topic of scrapes. */
final class HostileRecords {
    private static final String BODY = "# TYPE nonsense_total counter\nnonsense_total 1\nnonsense 1\n";
    private static final EventCodec<ScrapeEvent> CODEC = new EventCodec<>(ScrapeEvent.class);

    private HostileRecords() {}

    /** By the beginning of the reason that is expected. */
    static Map<String, byte[]> unreadable() {
        byte[] whole = CODEC.encode(event("damaged").build());
        byte[] header = Arrays.copyOf(whole, EventCodec.HEADER_BYTES);
        Map<String, byte[]> records = new LinkedHashMap<>();
        records.put("no single-object header in 7 bytes", "garbage".getBytes(StandardCharsets.UTF_8));
        records.put("no single-object header in 0 bytes", new byte[0]);
        records.put("schema fingerprint 8877665544332211", HexFormat.of().parseHex("c3011122334455667788aabbcc"));
        records.put("ScrapeEvent: damaged body: field last_word", Arrays.copyOf(whole, whole.length - 1));
        // A length of 1 GiB, of which one byte is there.
        records.put("ScrapeEvent: damaged body: field project: length 1073741824", concat(header, "808080800841"));
        return records;
    }

    /** Whole events whose fields make no sense, by what is odd about them, which is also their job. */
    static Map<String, byte[]> nonsense() {
        Map<String, ScrapeEvent.Builder> events = new LinkedHashMap<>();
        events.put("past", event("past").setRequestStartMs(Long.MIN_VALUE).setIntervalMs(Long.MAX_VALUE));
        events.put(
                "future",
                event("future")
                        .setRequestStartMs(Long.MAX_VALUE)
                        .setIntervalMs(-1)
                        .setTargetDateMs(Long.MIN_VALUE));
        events.put(
                "labels",
                event("labels").setLabels(Map.of("", "empty", "job", "labels", "9\0", "\u2603", "__name__", "up")));
        events.put("project", event("project").setProject("\n"));
        events.put("gzip", event("gzip").setContentEncoding("gzip"));
        Map<String, byte[]> records = new LinkedHashMap<>();
        events.forEach((key, event) -> records.put(key, CODEC.encode(event.build())));
        return records;
    }

    private static ScrapeEvent.Builder event(String job) {
        return ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob(job)
                .setTargetUrl("http://10.0.0.1/" + job)
                .setLabels(Map.of("job", job))
                .setScraperId("somebody")
                .setRequestStartMs(1)
                .setRequestEndMs(2)
                .setIntervalMs(1_000)
                .setWatchedSinceMs(0)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain")
                .setBody(ByteBuffer.wrap(BODY.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] concat(byte[] head, String hexTail) {
        byte[] tail = HexFormat.of().parseHex(hexTail);
        byte[] both = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, both, head.length, tail.length);
        return both;
    }
}
