package dev.weir.queryserver.api;

import dev.weir.promql.engine.PromQlEngine;
import dev.weir.promql.engine.QueryOptions;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryResult;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Scope;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries, a limited number at a time, each on a view of the store that does not change under it, with rule 12 applied
 * to its steps. Thread-safe.
 */
final class QueryRunner {
    /** As many annotations of a kind are shown as Prometheus shows. */
    private static final int MAX_ANNOTATIONS = 10;

    /** Each holds a thread, of which others want some too. */
    private static final int MAX_WAITING_QUERIES = 50;

    private static final long LOOK_EVERY_MILLIS = 100;

    private final Store store;
    private final PromQlEngine engine;
    private final QueryLimits limits;
    private final Duration hold;
    private final ServerMetrics metrics;
    private final Semaphore running;
    private final Semaphore waiting = new Semaphore(MAX_WAITING_QUERIES);

    QueryRunner(Store store, PromQlEngine engine, QueryLimits limits, Duration hold, ServerMetrics metrics) {
        this.store = store;
        this.engine = engine;
        this.limits = limits;
        this.hold = hold;
        this.metrics = metrics;
        this.running = new Semaphore(limits.maxConcurrentQueries(), true);
    }

    /**
     * What a request adds to its query; null stands for the server's own.
     *
     * @param isAbandoned whether nobody waits for the answer any more
     */
    record Settings(
            Scope scope,
            @Nullable Duration timeout,
            @Nullable Duration lookbackDelta,
            BooleanSupplier isAbandoned) {}

    /** A result and what is to be shown beside it. */
    record Outcome(QueryResult result, List<String> warnings, List<String> infos, Timings timings) {}

    /** How long a query waited until it might run, and then ran. */
    record Timings(long queueNanos, long evaluationNanos) {}

    Outcome instant(String query, long timeMs, Settings settings) throws ApiException {
        return run(
                settings,
                (series, options) -> engine.instant(series, query, timeMs, options),
                new Steps(timeMs, timeMs, 1));
    }

    Outcome range(String query, Steps steps, Settings settings) throws ApiException {
        return run(
                settings,
                (series, options) -> engine.range(series, query, steps.startMs, steps.endMs, steps.stepMs, options),
                steps);
    }

    /** The times of a query. */
    record Steps(long startMs, long endMs, long stepMs) {
        long lastMs() {
            return startMs + (endMs - startMs) / stepMs * stepMs;
        }
    }

    @FunctionalInterface
    private interface Evaluation {
        QueryResult evaluate(Queryable queryable, QueryOptions options);
    }

    private Outcome run(Settings settings, Evaluation evaluation, Steps steps) throws ApiException {
        String project = settings.scope.project();
        Duration asked = settings.timeout;
        Duration timeout = asked == null || asked.compareTo(limits.timeout()) > 0 ? limits.timeout() : asked;
        long startNanos = System.nanoTime();
        acquire(timeout, settings.isAbandoned);
        try (StoreView view = store.view(project)) {
            long queueNanos = System.nanoTime() - startNanos;
            Duration left = timeout.minusNanos(queueNanos);
            HeldTime held = new HeldTime(view.frontiers(), project, hold);
            QueryOptions options = QueryOptions.DEFAULT
                    .withTimeout(left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left)
                    .withEvaluationTime(held)
                    .withCancellation(settings.isAbandoned);
            if (settings.lookbackDelta != null) {
                options = options.withLookbackDelta(settings.lookbackDelta);
            }
            QueryResult result = evaluation.evaluate(new BoundedSelection(view, limits.maxSeries()), options);
            List<String> infos = new ArrayList<>();
            String note = held.note(steps);
            if (note != null) {
                metrics.queryHeld();
                infos.add(note);
            }
            infos.addAll(result.infos(MAX_ANNOTATIONS));
            Timings timings = new Timings(queueNanos, System.nanoTime() - startNanos - queueNanos);
            return new Outcome(result, result.warnings(MAX_ANNOTATIONS), infos, timings);
        } catch (PromQlException e) {
            throw apiException(e);
        } finally {
            metrics.queryRuns(-1);
            running.release();
        }
    }

    private void acquire(Duration timeout, BooleanSupplier isAbandoned) throws ApiException {
        if (!waiting.tryAcquire()) {
            throw new ApiException(
                    ErrorType.TIMEOUT,
                    "query queue is full (expected: at most maxConcurrentQueries = " + limits.maxConcurrentQueries()
                            + " that run and maxWaitingQueries = " + MAX_WAITING_QUERIES + " that wait)");
        }
        metrics.queryWaits(1);
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        try {
            while (!running.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                if (isAbandoned.getAsBoolean()) {
                    throw new ApiException(ErrorType.CANCELED, "query was canceled in query queue");
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new ApiException(
                            ErrorType.TIMEOUT,
                            "query timed out in query queue (expected: at most maxConcurrentQueries = "
                                    + limits.maxConcurrentQueries() + " at a time)");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorType.CANCELED, "the server is closing");
        } finally {
            metrics.queryWaits(-1);
            waiting.release();
        }
        metrics.queryRuns(1);
    }

    private static ApiException apiException(PromQlException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case BAD_DATA -> ApiException.badParameter("query", message);
            case EXECUTION -> new ApiException(ErrorType.EXECUTION, message);
            case CANCELED -> new ApiException(ErrorType.CANCELED, message);
            case TIMEOUT -> new ApiException(ErrorType.TIMEOUT, message);
        };
    }
}
