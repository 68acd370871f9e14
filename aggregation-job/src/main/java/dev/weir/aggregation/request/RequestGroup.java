package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.Quantiles;
import dev.weir.aggregation.sketch.Sketch;
import dev.weir.aggregation.sketch.SketchSeries;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one project, pipeline, model, target model, tier and vantage, summed up. Counters and native histograms are
 * cumulative and have a point in every window; quantiles are of the window's own requests and end where it has none. Bounded
 * by its series; nothing is left of it a window after its end.
 */
final class RequestGroup {
    private static final long NEVER = Long.MIN_VALUE;

    private final String project;
    private final Labels labels;
    /** What was counted; the latencies are in {@link #latencies}. */
    private final Map<RequestCounter, Double> totals = new EnumMap<>(RequestCounter.class);

    private final Map<RequestLatency, SketchSeries> latencies = new EnumMap<>(RequestLatency.class);
    /** Requests of windows that are not closed yet, by their ends. */
    private final TreeMap<Long, RequestSums> pending = new TreeMap<>();

    private long lastSeenMs = NEVER;
    private long lastPointMs = NEVER;
    /** Up to here its series may have points of a former life. */
    private long blockedMs = NEVER;

    /** Encoded labels of the counters. */
    private final Map<RequestCounter, byte[]> encoded = new EnumMap<>(RequestCounter.class);
    /** Whether this attempt of the job has written its families' metadata. */
    boolean told;
    /** Whether it is stored otherwise than it is here. */
    boolean changed = true;

    RequestGroup(String project, Labels labels) {
        this.project = project;
        this.labels = labels;
    }

    String project() {
        return project;
    }

    void take(RequestReport report, long windowEndMs) {
        changed = true;
        pending.computeIfAbsent(windowEndMs, key -> new RequestSums()).add(report);
        lastSeenMs = Math.max(lastSeenMs, windowEndMs);
    }

    boolean hasUnwritten() {
        return !pending.isEmpty();
    }

    /** Whether a window may be left out without a loss. */
    boolean isQuiet() {
        return pending.isEmpty() && latencies.values().stream().noneMatch(SketchSeries::isLive);
    }

    /** Whether it has ended so long ago that its series may begin anew. */
    boolean isGone(long windowEndMs) {
        return pending.isEmpty() && lastPointMs == NEVER && blockedMs < windowEndMs;
    }

    /** Writes the window's points. */
    void closeWindow(long windowEndMs, long windowMs, long expiryMs, WriteRequestEncoder out) {
        RequestSums added = pending.remove(windowEndMs);
        if (added == null && lastPointMs == NEVER) {
            return;
        }
        changed = true;
        if (added == null && pending.isEmpty() && windowEndMs - lastSeenMs > expiryMs) {
            end(windowEndMs, out);
            return;
        }
        writeCounters(added, windowEndMs, windowMs, out);
        for (RequestLatency latency : RequestLatency.values()) {
            Sketch observed = added == null ? null : added.latencies.get(latency);
            SketchSeries series = observed == null
                    ? latencies.get(latency)
                    : latencies.computeIfAbsent(latency, key -> new SketchSeries(named(key.metricName)));
            if (series != null) {
                Quantiles quantiles = observed == null ? null : observed.quantiles();
                series.write(observed, quantiles, windowEndMs, windowMs, blockedMs, out);
            }
        }
        lastPointMs = windowEndMs;
    }

    /** A counter's first point, and its first after a gap, is preceded one window earlier by the former value. */
    private void writeCounters(@Nullable RequestSums added, long windowEndMs, long windowMs, WriteRequestEncoder out) {
        long beforeMs = windowEndMs - windowMs;
        for (RequestCounter counter : RequestCounter.values()) {
            Double former = totals.get(counter);
            Double more = added == null ? null : added.counts.get(counter);
            if (former == null && more == null) {
                continue;
            }
            double before = former == null ? 0 : former;
            double total = before + (more == null ? 0 : more);
            totals.put(counter, total);
            byte[] series = encoded(counter);
            if ((former == null || lastPointMs < beforeMs) && beforeMs > blockedMs) {
                out.add(series, beforeMs, before, windowEndMs, total);
            } else {
                out.add(series, windowEndMs, total);
            }
        }
    }

    /** Ends all series; should the group return, they begin at 0. */
    private void end(long windowEndMs, WriteRequestEncoder out) {
        totals.keySet().forEach(counter -> out.add(encoded(counter), windowEndMs, StaleMarker.VALUE));
        latencies.values().forEach(series -> series.end(windowEndMs, out));
        totals.clear();
        latencies.clear();
        lastPointMs = NEVER;
        blockedMs = windowEndMs;
    }

    private byte[] encoded(RequestCounter counter) {
        return encoded.computeIfAbsent(
                counter, key -> WriteRequestEncoder.labels(named(key.metricName).toMap()));
    }

    private Labels named(String family) {
        return labels.toBuilder().set(Labels.METRIC_NAME, family).build();
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, labels);
        for (RequestCounter counter : RequestCounter.values()) {
            Double total = totals.get(counter);
            out.writeDouble(total == null ? RequestReport.UNKNOWN : total);
        }
        for (RequestLatency latency : RequestLatency.values()) {
            SketchSeries series = latencies.get(latency);
            out.writeBoolean(series != null);
            if (series != null) {
                series.write(out);
            }
        }
        out.writeInt(pending.size());
        for (Map.Entry<Long, RequestSums> window : pending.entrySet()) {
            out.writeLong(window.getKey());
            window.getValue().write(out);
        }
        out.writeLong(lastSeenMs);
        out.writeLong(lastPointMs);
        out.writeLong(blockedMs);
    }

    static RequestGroup read(DataInput in) throws IOException {
        RequestGroup group = new RequestGroup(StateIo.readString(in), StateIo.readLabels(in));
        for (RequestCounter counter : RequestCounter.values()) {
            double total = in.readDouble();
            if (total != RequestReport.UNKNOWN) {
                group.totals.put(counter, total);
            }
        }
        for (RequestLatency latency : RequestLatency.values()) {
            if (in.readBoolean()) {
                group.latencies.put(latency, SketchSeries.read(in));
            }
        }
        for (int i = in.readInt(); i > 0; i--) {
            group.pending.put(in.readLong(), RequestSums.read(in));
        }
        group.lastSeenMs = in.readLong();
        group.lastPointMs = in.readLong();
        group.blockedMs = in.readLong();
        group.changed = false;
        return group;
    }

    Labels labels() {
        return labels;
    }
}
