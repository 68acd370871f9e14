package dev.weir.scaling;

import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.http.HttpClients;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluates each rule every interval, {@value #MAX_THREADS} at a time, so that a server that does not answer delays no other
 * rule; each decision is one line of the log and is counted. With {@code dry_run}, nothing is changed.
 */
public final class Scaling implements AutoCloseable {
    static final int MAX_THREADS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Scaling.class);

    private final ScalingConfig config;
    private final ObservationSource source;
    private final ModelServer server;
    private final InstantSource clock;
    private final ScalingMetrics metrics;
    private final List<Scaler> scalers;
    private @Nullable ScheduledExecutorService timer;

    Scaling(ScalingConfig config, ObservationSource source, ModelServer server, InstantSource clock) {
        this.config = config;
        this.source = source;
        this.server = server;
        this.clock = clock;
        this.metrics = new ScalingMetrics(config.dryRun());
        this.scalers = config.rules().stream().map(Scaler::new).toList();
    }

    /**
     * The rules of {@code config} over a PromQL API.
     *
     * @throws IOException if a certificate's file cannot be used
     */
    public static Scaling of(ScalingConfig config, URI queryUrl) throws IOException {
        HttpClients clients = new HttpClients(ForkJoinPool.commonPool());
        return new Scaling(
                config,
                new QueryServerSource(queryUrl, config, clients),
                new TorchServe(clients),
                InstantSource.system());
    }

    /** Evaluates from now on until it is closed. */
    public void start() {
        ScheduledExecutorService started =
                Executors.newScheduledThreadPool(Math.min(MAX_THREADS, scalers.size()), task -> {
                    Thread thread = new Thread(task, "weir-scaling");
                    thread.setDaemon(true);
                    return thread;
                });
        timer = started;
        for (Scaler scaler : scalers) {
            ScheduledFuture<?> unused = started.scheduleWithFixedDelay(
                    () -> evaluateUntilInterrupted(scaler), 0, config.interval().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Evaluates every rule once and returns what was decided, a line each. */
    public List<String> evaluate() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (Scaler scaler : scalers) {
            lines.add(evaluate(scaler));
        }
        return lines;
    }

    /** What it tells of itself, in the Prometheus text format. */
    public String metricsText() {
        return metrics.text();
    }

    @Override
    public void close() {
        ScheduledExecutorService started = timer;
        if (started != null) {
            started.shutdownNow();
        }
    }

    private void evaluateUntilInterrupted(Scaler scaler) {
        try {
            String unused = evaluate(scaler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // The timer would never call again, without a word.
            LOG.error("Scaling rule {} was not evaluated", scaler.rule().name(), e);
        }
    }

    private String evaluate(Scaler scaler) throws InterruptedException {
        ScalingConfig.Rule rule = scaler.rule();
        long nowMs = clock.millis();
        Observation observed = source.observe(rule, nowMs);
        Workers workers = null;
        try {
            workers = server.workers(rule.model());
        } catch (IOException e) {
            observed = observed.unknown() == null ? Observation.unknown(String.valueOf(e.getMessage())) : observed;
        }
        Decision decision = scaler.decide(nowMs, observed, workers);
        metrics.decided(rule.name(), observed, workers, decision);
        String line = "scaling rule " + rule.name() + ": " + decision.kind() + ": " + decision.reason()
                + (decision.kind().changes() ? change(scaler, decision, nowMs) : "");
        LOG.info("{}", line);
        return line;
    }

    private String change(Scaler scaler, Decision decision, long nowMs) throws InterruptedException {
        ScalingConfig.Rule rule = scaler.rule();
        String what = "; sets model " + rule.model().name() + " to " + decision.workers() + " workers";
        if (config.dryRun()) {
            metrics.changed(rule.name(), "dry_run");
            return what + " (dry run: nothing is changed)";
        }
        try {
            server.setWorkers(rule.model(), decision.workers());
            scaler.changed(nowMs);
            metrics.changed(rule.name(), "done");
            return what;
        } catch (IOException e) {
            metrics.changed(rule.name(), "failed");
            return what + ", which failed: " + e.getMessage();
        }
    }
}
