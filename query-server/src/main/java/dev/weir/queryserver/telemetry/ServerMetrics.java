package dev.weir.queryserver.telemetry;

import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.store.StoreStats;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the server counts about itself. Label values come from code, never from requests. Thread-safe. */
public final class ServerMetrics {
    private record RequestKey(String route, int status) implements Comparable<RequestKey> {
        @Override
        public int compareTo(RequestKey other) {
            int order = route.compareTo(other.route);
            return order != 0 ? order : Integer.compare(status, other.status);
        }
    }

    private final Map<RequestKey, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, DurationHistogram> durations = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> rejectedWrites = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> cutOffs = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> rejectedPushes = new ConcurrentSkipListMap<>();
    private final LongAdder eventsPushed = new LongAdder();
    private final LongAdder pushBytesInFlight = new LongAdder();
    private final LongAdder samplesReceived = new LongAdder();
    private final LongAdder heldQueries = new LongAdder();
    private final LongAdder runningQueries = new LongAdder();
    private final LongAdder waitingQueries = new LongAdder();
    private volatile IntSupplier knownSeries = () -> 0;

    public void requestAnswered(String route, int status, long nanos) {
        requests.computeIfAbsent(new RequestKey(route, status), k -> new LongAdder())
                .increment();
        durations.computeIfAbsent(route, r -> new DurationHistogram()).observe(nanos);
    }

    public void writeRejected(String reason) {
        rejectedWrites.computeIfAbsent(reason, r -> new LongAdder()).increment();
    }

    /** Events that were pushed and written. */
    public void eventsPushed(int count) {
        eventsPushed.add(count);
    }

    public void pushRejected(String reason) {
        rejectedPushes.computeIfAbsent(reason, r -> new LongAdder()).increment();
    }

    /** @param change of the bytes of pushes that are not answered yet */
    public void pushBytesInFlight(long change) {
        pushBytesInFlight.add(change);
    }

    /** @param limit the name of the limit that ended a connection */
    public void connectionCutOff(String limit) {
        cutOffs.computeIfAbsent(limit, l -> new LongAdder()).increment();
    }

    public void samplesReceived(int count) {
        samplesReceived.add(count);
    }

    /** @param count how many series writes are known by the bytes that name them */
    public void knownSeries(IntSupplier count) {
        knownSeries = count;
    }

    /** A query had steps that were evaluated at the frontier. */
    public void queryHeld() {
        heldQueries.increment();
    }

    /** @param change 1 when a query begins to run, -1 when it ends */
    public void queryRuns(int change) {
        runningQueries.add(change);
    }

    /** @param change 1 when a query begins to wait until it may run, -1 when it ends waiting */
    public void queryWaits(int change) {
        waitingQueries.add(change);
    }

    /**
     * All metrics in the Prometheus text format.
     *
     * @param onlyProject whose series and frontier are told; null tells all projects'
     */
    public String text(Store store, @Nullable String onlyProject, Instant now) {
        MetricsText text = new MetricsText();
        writeStore(text, store.stats(), of(onlyProject, store.seriesByProject()));
        text.family("weir_query_server_requests_total", "counter", "HTTP requests answered, by route and status.");
        requests.forEach((key, count) -> text.sample(
                "weir_query_server_requests_total",
                count.sum(),
                "route",
                key.route,
                "code",
                Integer.toString(key.status)));
        text.family(
                "weir_query_server_request_duration_seconds",
                "histogram",
                "Time from a request's first byte to its answer.");
        durations.forEach((route, histogram) ->
                histogram.writeTo(text, "weir_query_server_request_duration_seconds", "route", route));
        text.family("weir_query_server_writes_rejected_total", "counter", "Write requests refused, by reason.");
        rejectedWrites.forEach((reason, count) ->
                text.sample("weir_query_server_writes_rejected_total", count.sum(), "reason", reason));
        text.counter(
                "weir_query_server_events_pushed_total",
                "Pushed scrapes and requests that the broker acknowledged.",
                eventsPushed.sum());
        text.family("weir_query_server_pushes_rejected_total", "counter", "Pushes not taken, by reason.");
        rejectedPushes.forEach((reason, count) ->
                text.sample("weir_query_server_pushes_rejected_total", count.sum(), "reason", reason));
        text.gauge(
                "weir_query_server_push_bytes_in_flight",
                "Bodies of pushes that are not answered yet.",
                pushBytesInFlight.sum());
        text.family(
                "weir_query_server_connections_cut_off_total",
                "counter",
                "Connections ended since their client took too long, by limit.");
        cutOffs.forEach((limit, count) ->
                text.sample("weir_query_server_connections_cut_off_total", count.sum(), "limit", limit));
        text.counter(
                "weir_query_server_held_queries_total",
                "Queries with steps that were evaluated at the newest complete window.",
                heldQueries.sum());
        text.gauge("weir_query_server_queries_running", "Queries that run now.", runningQueries.sum());
        text.gauge("weir_query_server_queries_waiting", "Queries that wait until they may run.", waitingQueries.sum());
        writeFreshness(text, store, onlyProject, now);
        Runtime runtime = Runtime.getRuntime();
        text.gauge(
                "weir_query_server_heap_used_bytes", "Java heap in use.", runtime.totalMemory() - runtime.freeMemory());
        return text.toString();
    }

    private static void writeFreshness(MetricsText text, Store store, @Nullable String onlyProject, Instant now) {
        text.family(
                "weir_query_server_frontier_lag_seconds",
                "gauge",
                "Age of each project's newest complete window, now.");
        of(onlyProject, store.frontiers().millisByProject())
                .forEach((project, millis) -> text.sample(
                        "weir_query_server_frontier_lag_seconds",
                        (now.toEpochMilli() - millis) / 1e3,
                        "project",
                        project));
        text.family(
                "weir_freshness_seconds",
                "histogram",
                "Age of each project's newest complete window; an observation is a second.");
        of(onlyProject, store.freshness().distributions(now.toEpochMilli())).forEach((project, seen) -> {
            for (int i = 0; i < seen.upperBounds().length; i++) {
                double bound = seen.upperBounds()[i];
                text.sample(
                        "weir_freshness_seconds_bucket",
                        seen.cumulativeSeconds()[i],
                        "project",
                        project,
                        "le",
                        Double.isInfinite(bound) ? "+Inf" : Double.toString(bound));
            }
            double total = seen.cumulativeSeconds()[seen.cumulativeSeconds().length - 1];
            text.sample("weir_freshness_seconds_sum", seen.sum(), "project", project);
            text.sample("weir_freshness_seconds_count", total, "project", project);
        });
    }

    private static <V> Map<String, V> of(@Nullable String project, Map<String, V> byProject) {
        if (project == null) {
            return byProject;
        }
        V value = byProject.get(project);
        return value == null ? Map.of() : Map.of(project, value);
    }

    private void writeStore(MetricsText text, StoreStats store, Map<String, Integer> seriesByProject) {
        text.counter("weir_query_server_samples_received_total", "Samples in write requests.", samplesReceived.sum());
        text.gauge(
                "weir_query_server_known_series",
                "Series that writes name in bytes that were read before.",
                knownSeries.getAsInt());
        text.counter("weir_query_server_samples_stored_total", "Samples acknowledged and new.", store.samplesStored());
        text.counter(
                "weir_query_server_samples_repeated_total",
                "Samples acknowledged that were stored already.",
                store.samplesRepeated());
        text.family("weir_query_server_series", "gauge", "Series in memory, by project.");
        seriesByProject.forEach((project, count) -> text.sample("weir_query_server_series", count, "project", project));
        text.gauge("weir_query_server_chunk_bytes", "Compressed samples in memory.", store.chunkBytes());
        text.gauge("weir_query_server_log_bytes", "The write-ahead log on disk.", store.logBytes());
        text.gauge("weir_query_server_blocks", "Files of older samples.", store.blocks());
        text.gauge("weir_query_server_block_bytes", "Files of older samples, on disk.", store.blockBytes());
        text.counter("weir_query_server_flushes_total", "Blocks made of samples in memory.", store.flushes());
        text.counter("weir_query_server_merges_total", "Blocks made of other blocks.", store.merges());
        text.counter(
                "weir_query_server_block_failures_total", "Blocks that could not be written.", store.blockFailures());
        text.counter(
                "weir_query_server_blocks_expired_total",
                "Blocks deleted since all their samples were beyond the retention by time or size.",
                store.blocksExpired());
        text.counter(
                "weir_query_server_damages_total", "Damaged places found in the log and in blocks.", store.damages());
        text.gauge("weir_query_server_pending_writes", "Write requests waiting for the log.", store.pendingWrites());
        text.counter("weir_query_server_log_failures_total", "Writes to the log that failed.", store.logFailures());
    }
}
