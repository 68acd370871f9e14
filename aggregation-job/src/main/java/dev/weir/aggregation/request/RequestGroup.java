package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.NativeHistograms;
import dev.weir.aggregation.sketch.Quantiles;
import dev.weir.aggregation.sketch.Sketch;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
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
    private final RequestSums totals;
    /** Requests of windows that are not closed yet, by their ends. */
    private final TreeMap<Long, RequestSums> pending = new TreeMap<>();
    /** Latencies whose newest quantiles are values. */
    private final Set<RequestLatency> live = EnumSet.noneOf(RequestLatency.class);

    private long lastSeenMs = NEVER;
    private long lastPointMs = NEVER;
    /** Up to here its series may have points of a former life. */
    private long blockedMs = NEVER;

    private final RequestSeries series;
    /** Whether this attempt of the job has written its families' metadata. */
    boolean told;

    RequestGroup(String project, Labels labels) {
        this(project, labels, new RequestSums());
    }

    private RequestGroup(String project, Labels labels, RequestSums totals) {
        this.project = project;
        this.labels = labels;
        this.totals = totals;
        this.series = new RequestSeries(labels);
    }

    String project() {
        return project;
    }

    void take(RequestReport report, long windowEndMs) {
        pending.computeIfAbsent(windowEndMs, key -> new RequestSums()).add(report);
        lastSeenMs = Math.max(lastSeenMs, windowEndMs);
    }

    boolean hasUnwritten() {
        return !pending.isEmpty();
    }

    /** Whether a window may be left out without a loss. */
    boolean isQuiet() {
        return pending.isEmpty() && live.isEmpty();
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
        if (added == null && pending.isEmpty() && windowEndMs - lastSeenMs > expiryMs) {
            end(windowEndMs, out);
            return;
        }
        long beforeMs = windowEndMs - windowMs;
        boolean gap = lastPointMs < beforeMs;
        Points points = new Points(beforeMs, windowEndMs, gap, beforeMs > blockedMs, out);
        Map<RequestCounter, Double> formerCounts = Map.copyOf(totals.counts);
        Set<RequestLatency> formerLatencies = Set.copyOf(totals.latencies.keySet());
        RequestSums former = gap ? totals.copy() : totals;
        if (added != null) {
            totals.merge(added);
        }
        totals.counts.forEach((counter, total) -> points.write(counter, formerCounts.get(counter), total));
        totals.latencies.forEach((latency, total) ->
                points.write(latency, formerLatencies.contains(latency) ? former.latencies.get(latency) : null, total));
        for (RequestLatency latency : RequestLatency.values()) {
            Sketch observed = added == null ? null : added.latencies.get(latency);
            if (observed != null) {
                writeQuantiles(latency, observed.quantiles(), windowEndMs, out);
                live.add(latency);
            } else if (live.remove(latency)) {
                writeQuantiles(latency, null, windowEndMs, out);
            }
        }
        lastPointMs = windowEndMs;
    }

    /** Writes the points of cumulative series, the first and the first after a gap with the former value before it. */
    private final class Points {
        private final long beforeMs;
        private final long windowEndMs;
        private final boolean gap;
        private final boolean mayPrecede;
        private final WriteRequestEncoder out;

        Points(long beforeMs, long windowEndMs, boolean gap, boolean mayPrecede, WriteRequestEncoder out) {
            this.beforeMs = beforeMs;
            this.windowEndMs = windowEndMs;
            this.gap = gap;
            this.mayPrecede = mayPrecede;
            this.out = out;
        }

        void write(RequestCounter counter, @Nullable Double former, double total) {
            if (mayPrecede && (gap || former == null)) {
                out.add(series.of(counter), beforeMs, former == null ? 0 : former, windowEndMs, total);
            } else {
                out.add(series.of(counter), windowEndMs, total);
            }
        }

        void write(RequestLatency latency, @Nullable Sketch former, Sketch total) {
            if (mayPrecede && (gap || former == null)) {
                out.addHistograms(
                        series.of(latency),
                        former == null
                                ? NativeHistograms.beforeFirst(total, beforeMs)
                                : NativeHistograms.of(former, beforeMs),
                        NativeHistograms.of(total, windowEndMs));
            } else {
                out.addHistograms(series.of(latency), NativeHistograms.of(total, windowEndMs));
            }
        }
    }

    /** Writes the quantiles, or without them the markers that there are none. */
    private void writeQuantiles(
            RequestLatency latency, @Nullable Quantiles quantiles, long windowEndMs, WriteRequestEncoder out) {
        for (int i = 0; i < RequestSeries.PER_MILLE.length; i++) {
            Quantiles.Estimate estimate = quantiles == null ? null : quantiles.at(RequestSeries.PER_MILLE[i]);
            for (RequestSeries.Part part : RequestSeries.Part.values()) {
                double value = estimate == null
                        ? StaleMarker.VALUE
                        : switch (part) {
                            case VALUE -> estimate.value();
                            case LOWER -> estimate.lower();
                            case UPPER -> estimate.upper();
                        };
                out.add(series.of(latency, i, part), windowEndMs, value);
            }
        }
    }

    /** Ends all series; should the group return, they begin at 0. */
    private void end(long windowEndMs, WriteRequestEncoder out) {
        totals.counts.keySet().forEach(counter -> out.add(series.of(counter), windowEndMs, StaleMarker.VALUE));
        totals.latencies
                .keySet()
                .forEach(latency -> out.addHistograms(series.of(latency), NativeHistograms.stale(windowEndMs)));
        live.forEach(latency -> writeQuantiles(latency, null, windowEndMs, out));
        live.clear();
        totals.counts.clear();
        totals.latencies.clear();
        lastPointMs = NEVER;
        blockedMs = windowEndMs;
    }

    RequestGroup copy() {
        RequestGroup copy = new RequestGroup(project, labels, totals.copy());
        pending.forEach((windowEndMs, sums) -> copy.pending.put(windowEndMs, sums.copy()));
        copy.live.addAll(live);
        copy.lastSeenMs = lastSeenMs;
        copy.lastPointMs = lastPointMs;
        copy.blockedMs = blockedMs;
        copy.told = told;
        return copy;
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeString(out, project);
        StateIo.writeLabels(out, labels);
        totals.write(out);
        out.writeInt(pending.size());
        for (Map.Entry<Long, RequestSums> window : pending.entrySet()) {
            out.writeLong(window.getKey());
            window.getValue().write(out);
        }
        for (RequestLatency latency : RequestLatency.values()) {
            out.writeBoolean(live.contains(latency));
        }
        out.writeLong(lastSeenMs);
        out.writeLong(lastPointMs);
        out.writeLong(blockedMs);
    }

    static RequestGroup read(DataInput in) throws IOException {
        RequestGroup group = new RequestGroup(StateIo.readString(in), StateIo.readLabels(in), RequestSums.read(in));
        for (int i = in.readInt(); i > 0; i--) {
            group.pending.put(in.readLong(), RequestSums.read(in));
        }
        for (RequestLatency latency : RequestLatency.values()) {
            if (in.readBoolean()) {
                group.live.add(latency);
            }
        }
        group.lastSeenMs = in.readLong();
        group.lastPointMs = in.readLong();
        group.blockedMs = in.readLong();
        return group;
    }

    Labels labels() {
        return labels;
    }
}
