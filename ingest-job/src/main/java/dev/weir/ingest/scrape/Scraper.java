package dev.weir.ingest.scrape;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.http.HttpClients;
import dev.weir.ingest.discovery.Target;
import dev.weir.schemas.ScrapeOutcome;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    /** The largest body, as received and decompressed; a job may lower it, not raise it. */
    public static final long MAX_BODY_BYTES = 48L << 20;

    /** Threads that send, receive, inflate and look up names. */
    static final int HTTP_THREADS = 8;

    private final Map<String, ScrapeConfig> configs;
    private final ByteBudget budget;
    private final ScheduledExecutorService timer;
    private final Clock clock;
    private final ExecutorService executor;
    private final HttpClients clients;

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
        this.clients = new HttpClients(executor);
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

    HttpClients clients() {
        return clients;
    }

    static long bodyLimitBytes(ScrapeConfig config) {
        long limitBytes = config.limits().bodySizeBytes();
        return limitBytes == 0 ? MAX_BODY_BYTES : Math.min(limitBytes, MAX_BODY_BYTES);
    }

    static Duration timeout(Target target) {
        return Duration.ofMillis(target.timeoutMs());
    }

    static URI uri(Target target) {
        return URI.create(target.url());
    }
}
