package dev.weir.ingest.scrape;

import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.TlsConfig;
import dev.weir.ingest.discovery.Target;
import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Scrapes targets without blocking: all scrapes share {@value #HTTP_THREADS} threads, and one HTTP client per way of
 * talking TLS. Safe for use by several threads.
 */
public final class Scraper implements AutoCloseable {
    /** The largest body, as received and decompressed, where a job says nothing. */
    public static final long DEFAULT_MAX_BODY_BYTES = 64L << 20;

    /** Threads that send, receive, inflate and look up names. */
    static final int HTTP_THREADS = 8;

    private final Map<String, ScrapeConfig> configs;
    private final ByteBudget budget;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final ExecutorService executor;
    private final Map<TlsConfig, HttpClient> clients = new ConcurrentHashMap<>();

    /**
     * @param configs of all jobs
     * @param budget of all bodies that are received or wait to be taken
     * @param timer ends scrapes in time; stays the caller's
     */
    public Scraper(List<ScrapeConfig> configs, ByteBudget budget, ScheduledExecutorService timer, Clock clock) {
        this.configs = configs.stream().collect(Collectors.toMap(ScrapeConfig::jobName, Function.identity()));
        this.budget = budget;
        this.timer = timer;
        this.clock = clock;
        AtomicInteger number = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(HTTP_THREADS, task -> {
            Thread thread = new Thread(task, "weir-scrape-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Scrapes {@code target} once. The result comes at the latest at the target's timeout, and always normally; a body in
     * it is paid from the budget, and the caller gives it back.
     */
    public CompletableFuture<ScrapeResult> scrape(Target target) {
        ScrapeConfig config = configs.get(target.job());
        if (config == null) {
            long nowMs = clock.millis();
            return CompletableFuture.completedFuture(ScrapeResult.without(
                    ScrapeOutcome.FAILED, nowMs, nowMs, "no scrape configuration of job " + target.job(), null));
        }
        return new Attempt(target, config, this).run();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    ByteBudget budget() {
        return budget;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    Clock clock() {
        return clock;
    }

    ExecutorService executor() {
        return executor;
    }

    /** The client for {@code http}; made at its first use, which reads certificate files. */
    HttpClient client(HttpClientConfig http) throws IOException {
        HttpClient client = clients.get(http.tls());
        if (client == null) {
            HttpClient made = HttpClient.newBuilder()
                    .executor(executor)
                    // HTTP/2 would add an Upgrade header to each plain request, which some engines refuse.
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(TlsContext.of(http.tls()))
                    .build();
            HttpClient before = clients.putIfAbsent(http.tls(), made);
            client = before == null ? made : before;
        }
        return client;
    }

    static long bodyLimitBytes(ScrapeConfig config) {
        long limitBytes = config.limits().bodySizeBytes();
        return limitBytes == 0 ? DEFAULT_MAX_BODY_BYTES : Math.min(limitBytes, DEFAULT_MAX_BODY_BYTES);
    }

    static Duration timeout(Target target) {
        return Duration.ofMillis(target.timeoutMs());
    }

    static URI uri(Target target) {
        return URI.create(target.url());
    }
}
