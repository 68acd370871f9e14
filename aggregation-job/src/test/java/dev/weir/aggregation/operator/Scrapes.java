package dev.weir.aggregation.operator;

import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Encoded scrapes of one target, whose process and watch began at second 0. */
public final class Scrapes {
    public static final long START_MS = 1_700_000_000_000L;

    private Scrapes() {}

    public static byte[] encoded(long second, double value) {
        return new EventCodec<>(ScrapeEvent.class).encode(event(second, value));
    }

    static RoutedScrape routed(long second, long appendSecond, double value) {
        return new RoutedScrape(TargetStage.target(event(second, value)), at(appendSecond), encoded(second, value));
    }

    static long at(long second) {
        return START_MS + second * 1000;
    }

    private static ScrapeEvent event(long second, double value) {
        String body =
                "process_start_time_seconds " + START_MS / 1000 + "\n# TYPE c_total counter\nc_total " + value + "\n";
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://127.0.0.1:1/metrics")
                .setLabels(Map.of("job", "j", "instance", "i"))
                .setScraperId("s")
                .setRequestStartMs(at(second))
                .setRequestEndMs(at(second))
                .setIntervalMs(15_000)
                .setWatchedSinceMs(START_MS)
                .setOutcome(ScrapeOutcome.BODY)
                .setBody(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .build();
    }
}
