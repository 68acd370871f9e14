package dev.weir.aggregation.savepoint;

import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.aggregation.scrape.ProtobufPage;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Vantage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Six targets in three groups of two, and their requests, of which all numbers are known. Target t of group t % 3 began with
 * {@link #START_MS} and is scraped in round r = 0, 1 ... at second 15 (r + 1) + 2 t; between two scrapes its counter gains 10
 * (t + 1), its histogram two, one and one observations in its three buckets, and every 5 s a request is told, each twice. Groups
 * 0 and 1 are text, of vLLM's names; group 2 is protobuf with a native histogram.
 *
 * <p>The stored savepoint was made of it: what is here must not change, only grow behind.
 */
final class KnownFleet {
    static final long START_MS = 1_700_000_000_000L;
    static final int TARGETS = 6;
    static final String CONFIG = "scrape_configs: [{job_name: j, scrape_native_histograms: true}]";
    private static final String[] GROUPS = {"chat", "code", "embed"};

    private KnownFleet() {}

    static InboundRecord scrape(long index) {
        int target = (int) (index % TARGETS);
        long round = index / TARGETS;
        long timeMs = START_MS + 1_000L * (15 * (round + 1) + 2L * target);
        boolean protobuf = target % 3 == 2;
        byte[] body = protobuf ? protobuf(round, target) : text(round, target).getBytes(StandardCharsets.UTF_8);
        ScrapeEvent event = ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0." + target + "/metrics")
                .setLabels(Map.of("job", "j", "instance", "i" + target, "pipeline_name", GROUPS[target % 3]))
                .setScraperId("s")
                .setRequestStartMs(timeMs)
                .setRequestEndMs(timeMs)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(START_MS)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType(protobuf ? ProtobufPage.CONTENT_TYPE : "")
                .setBody(ByteBuffer.wrap(body))
                .build();
        return new InboundRecord(
                "weir.scrapes", 0, index, timeMs, new byte[0], new EventCodec<>(ScrapeEvent.class).encode(event));
    }

    private static String text(long round, int target) {
        long n = round + 1;
        return String.format(
                Locale.ROOT,
                """
                process_start_time_seconds %d
                # TYPE c_total counter
                c_total %d
                # TYPE vllm:num_requests_running gauge
                vllm:num_requests_running{model_name="m"} %d
                # TYPE vllm:time_to_first_token_seconds histogram
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="0.1"} %d
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="1"} %d
                vllm:time_to_first_token_seconds_bucket{model_name="m",le="+Inf"} %d
                vllm:time_to_first_token_seconds_count{model_name="m"} %d
                vllm:time_to_first_token_seconds_sum{model_name="m"} %d
                """,
                START_MS / 1000,
                n * 10 * (target + 1),
                target + 5,
                2 * n,
                3 * n,
                4 * n,
                4 * n,
                5 * n);
    }

    private static byte[] protobuf(long round, int target) {
        long n = round + 1;
        return new ProtobufPage()
                .counter("c_total", (double) (n * 10 * (target + 1)), START_MS)
                .histogram("h", 2 * n, n, (double) (4 * n), START_MS)
                .bytes();
    }

    /** The request of second 5 i + 3 is told as records 2 i and 2 i + 1; it took 2 s. */
    static InboundRecord request(long index) {
        long timeMs = START_MS + 1_000L * (5 * (index / 2) + 3);
        RequestEvent event = RequestEvent.newBuilder()
                .setRequestId("r" + index / 2)
                .setProject("p")
                .setModel("m")
                .setVantage(Vantage.GATEWAY)
                .setStatus(RequestStatus.OK)
                .setStartMs(timeMs - 2_000)
                .setEndMs(timeMs)
                .build();
        return new InboundRecord(
                "weir.requests", 0, index, timeMs, new byte[0], new EventCodec<>(RequestEvent.class).encode(event));
    }
}
