package dev.weir.queryserver.api;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import dev.weir.promql.engine.QueryOptions;
import dev.weir.promql.storage.Queryable;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryResult;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Scope;
import dev.weir.queryserver.limit.FairGate;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreView;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    private final Store store;
    private final ProjectLimits ofAll;
    private final ProjectLimits.Table ofProjects;
    private final EngineOptions engineOptions;
    /** As many as there are different limits. */
    private final Map<ProjectLimits, PromQlEngine> engines = new ConcurrentHashMap<>();

    private final Duration hold;
    private final ServerMetrics metrics;
    private final FairGate gate;

    QueryRunner(
            Store store,
            EngineOptions engineOptions,
            QueryLimits limits,
            ProjectLimits.Table ofProjects,
            Duration hold,
            ServerMetrics metrics) {
        this.store = store;
        this.engineOptions = engineOptions;
        this.ofAll = new ProjectLimits(
                limits.timeout(),
                limits.maxConcurrentQueries(),
                limits.maxSamples(),
                limits.maxSeries(),
                limits.maxPoints(),
                0,
                0);
        this.ofProjects = ofProjects;
        this.hold = hold;
        this.metrics = metrics;
        this.gate = new FairGate(limits.maxConcurrentQueries(), MAX_WAITING_QUERIES);
    }

    /** What a query of this scope may take. */
    ProjectLimits limits(Scope scope) {
        return scope.project() == null ? ofAll : ofProjects.of(scope.project());
    }

    /** Answers what is no query, but may cost as much, in its project's turn. */
    Endpoint inTurn(Endpoint endpoint) {
        return call -> {
            acquire(call.scope(), limits(call.scope()).timeout(), call.isAbandoned());
            try {
                return endpoint.serve(call);
            } finally {
                release(call.scope());
            }
        };
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
                (engine, series, options) -> engine.instant(series, query, timeMs, options),
                new Steps(timeMs, timeMs, 1));
    }

    Outcome range(String query, Steps steps, Settings settings) throws ApiException {
        return run(
                settings,
                (engine, series, options) ->
                        engine.range(series, query, steps.startMs, steps.endMs, steps.stepMs, options),
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
        QueryResult evaluate(PromQlEngine engine, Queryable queryable, QueryOptions options);
    }

    private Outcome run(Settings settings, Evaluation evaluation, Steps steps) throws ApiException {
        String project = settings.scope.project();
        ProjectLimits most = limits(settings.scope);
        Duration asked = settings.timeout;
        Duration timeout = asked == null || asked.compareTo(most.timeout()) > 0 ? most.timeout() : asked;
        long startNanos = System.nanoTime();
        acquire(settings.scope, timeout, settings.isAbandoned);
        try (StoreView view = store.view(project)) {
            long queueNanos = System.nanoTime() - startNanos;
            Duration left = timeout.minusNanos(queueNanos);
            HeldTime held = new HeldTime(view.frontiers(), project, hold);
            FairGate.Pace pace = gate.pace(lane(settings.scope));
            QueryOptions options = QueryOptions.DEFAULT
                    .withTimeout(left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left)
                    .withEvaluationTime(held)
                    .withCancellation(() -> {
                        pace.giveWay();
                        return settings.isAbandoned.getAsBoolean();
                    });
            if (settings.lookbackDelta != null) {
                options = options.withLookbackDelta(settings.lookbackDelta);
            }
            QueryResult result =
                    evaluation.evaluate(engine(most), new BoundedSelection(view, most.maxSeries()), options);
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
            release(settings.scope);
        }
    }

    private PromQlEngine engine(ProjectLimits most) {
        return engines.computeIfAbsent(
                most,
                m -> new PromQlEngine(new EngineOptions(
                        engineOptions.lookbackDelta(),
                        engineOptions.defaultSubqueryStep(),
                        m.maxSamples(),
                        m.maxPoints(),
                        engineOptions.maxSubquerySteps(),
                        m.timeout(),
                        engineOptions.delayedNameRemoval(),
                        engineOptions.parser())));
    }

    private void acquire(Scope scope, Duration timeout, BooleanSupplier isAbandoned) throws ApiException {
        int mostOfProject = limits(scope).maxConcurrentQueries();
        metrics.queryWaits(1);
        try {
            FairGate.Entry entry = gate.enter(lane(scope), mostOfProject, timeout.toNanos(), isAbandoned);
            switch (entry) {
                case ADMITTED -> metrics.queryRuns(1);
                case ABANDONED -> throw new ApiException(ErrorType.CANCELED, "query was canceled in query queue");
                case TIMED_OUT ->
                    throw new ApiException(
                            ErrorType.TIMEOUT,
                            "query timed out in query queue (expected: at most maxConcurrentQueries = " + mostOfProject
                                    + " at a time)");
                case FULL ->
                    throw new ApiException(
                            ErrorType.TIMEOUT,
                            "query queue is full (expected: at most maxConcurrentQueries = " + mostOfProject
                                    + " that run and maxWaitingQueries = " + MAX_WAITING_QUERIES
                                    + " that wait)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorType.CANCELED, "the server is closing");
        } finally {
            metrics.queryWaits(-1);
        }
    }

    private void release(Scope scope) {
        metrics.queryRuns(-1);
        gate.leave(lane(scope));
    }

    /** Who may see all projects has turns of their own; no project has an empty name. */
    private static String lane(Scope scope) {
        return scope.project() == null ? "" : scope.project();
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
