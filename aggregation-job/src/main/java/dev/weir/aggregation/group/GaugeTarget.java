package dev.weir.aggregation.group;

import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The values of one target that pass through (rule 6): written once per scrape, at the end of the scrape's window, and
 * ended with a stale marker when absent from a scrape, at a failed one, or when the target is silent.
 */
final class GaugeTarget {
    /** A target is gone when silent for this many intervals. */
    private static final int SILENT_INTERVALS = 2;

    /** A series whose own timestamps lie further back is stamped with the window instead: no receiver would take it. */
    private static final long OLDEST_TIMESTAMP_MS = 3_600_000;

    private static final long OWN_TIMESTAMPS_IGNORED = Long.MIN_VALUE;

    private long lastAppendMs;
    private long intervalMs;
    private boolean lastWord;
    /** Scrapes whose windows are not closed yet, by window end. */
    private final TreeMap<Long, List<GaugePoint>> waiting = new TreeMap<>();
    /** Series with a value, and the time of their newest point. */
    private final Map<Labels, Long> live = new HashMap<>();
    /** Series among them whose own timestamps are of no use. */
    private final Set<Labels> restamped = new HashSet<>();

    /** Encoded labels of the live series. */
    private final Map<Labels, byte[]> encoded = new HashMap<>();

    void take(ScrapeReport report, long windowEndMs) {
        lastAppendMs = Math.max(lastAppendMs, report.appendMs());
        intervalMs = report.intervalMs();
        lastWord = report.lastWord();
        waiting.put(windowEndMs, report.gauges());
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    boolean isGone() {
        return live.isEmpty() && waiting.isEmpty();
    }

    /**
     * Writes what the window brought.
     *
     * @param owners where relabelling made two targets' series one, the first target's stands until it ends
     * @param written series that got a point in this window
     */
    void closeWindow(
            long windowEndMs, LaneRules rules, SeriesOwners owners, Set<Labels> written, WriteRequestEncoder out) {
        List<GaugePoint> points = waiting.remove(windowEndMs);
        if (points != null) {
            writeScrape(points, windowEndMs, rules, owners, written, out);
        } else if (waiting.isEmpty()
                && (lastWord || windowEndMs - lastAppendMs > SILENT_INTERVALS * intervalMs + rules.windowMs())) {
            new ArrayList<>(live.keySet()).forEach(labels -> end(labels, windowEndMs, owners, written, out));
        }
    }

    private void writeScrape(
            List<GaugePoint> points,
            long windowEndMs,
            LaneRules rules,
            SeriesOwners owners,
            Set<Labels> written,
            WriteRequestEncoder out) {
        Set<Labels> ended = new HashSet<>(live.keySet());
        Set<Labels> seen = new HashSet<>();
        for (GaugePoint point : points) {
            if (!seen.add(point.labels())) {
                continue;
            }
            ended.remove(point.labels());
            Long newest = live.get(point.labels());
            long earliestMs = newest == null ? windowEndMs - rules.windowMs() + 1 : newest + 1;
            long timestampMs = timestamp(point, newest == null, windowEndMs);
            if (timestampMs == OWN_TIMESTAMPS_IGNORED) {
                timestampMs = windowEndMs;
            } else if (newest == null) {
                // Not at or before a stale marker of the series' former life.
                timestampMs = Math.max(timestampMs, earliestMs);
            }
            if (newest == null && (written.contains(point.labels()) || !owners.claim(point.labels(), this))) {
                rules.gaugeConflict();
            } else if (timestampMs >= earliestMs) {
                written.add(point.labels());
                out.add(encode(point.labels()), timestampMs, point.value());
                live.put(point.labels(), timestampMs);
            }
        }
        ended.forEach(labels -> end(labels, windowEndMs, owners, written, out));
    }

    private long timestamp(GaugePoint point, boolean first, long windowEndMs) {
        if (point.timestampMs() == GaugePoint.NO_TIMESTAMP || restamped.contains(point.labels())) {
            return OWN_TIMESTAMPS_IGNORED;
        }
        if (first && windowEndMs - point.timestampMs() > OLDEST_TIMESTAMP_MS) {
            restamped.add(point.labels());
            return OWN_TIMESTAMPS_IGNORED;
        }
        return Math.min(point.timestampMs(), windowEndMs);
    }

    private void end(
            Labels labels, long windowEndMs, SeriesOwners owners, Set<Labels> written, WriteRequestEncoder out) {
        Long newest = live.remove(labels);
        if (newest != null && newest < windowEndMs && written.add(labels)) {
            out.add(encode(labels), windowEndMs, StaleMarker.VALUE);
        }
        owners.release(List.of(labels));
        restamped.remove(labels);
        encoded.remove(labels);
    }

    private byte[] encode(Labels labels) {
        return encoded.computeIfAbsent(labels, key -> WriteRequestEncoder.labels(key.toMap()));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(lastAppendMs);
        out.writeLong(intervalMs);
        out.writeBoolean(lastWord);
        out.writeInt(waiting.size());
        for (Map.Entry<Long, List<GaugePoint>> entry : waiting.entrySet()) {
            out.writeLong(entry.getKey());
            out.writeInt(entry.getValue().size());
            for (GaugePoint point : entry.getValue()) {
                point.write(out);
            }
        }
        out.writeInt(live.size());
        for (Map.Entry<Labels, Long> entry : live.entrySet()) {
            StateIo.writeLabels(out, entry.getKey());
            out.writeLong(entry.getValue());
            out.writeBoolean(restamped.contains(entry.getKey()));
        }
    }

    static GaugeTarget read(DataInput in, SeriesOwners owners) throws IOException {
        GaugeTarget target = new GaugeTarget();
        target.lastAppendMs = in.readLong();
        target.intervalMs = in.readLong();
        target.lastWord = in.readBoolean();
        for (int i = in.readInt(); i > 0; i--) {
            long windowEndMs = in.readLong();
            List<GaugePoint> points = new ArrayList<>();
            for (int k = in.readInt(); k > 0; k--) {
                points.add(GaugePoint.read(in));
            }
            target.waiting.put(windowEndMs, points);
        }
        for (int i = in.readInt(); i > 0; i--) {
            Labels labels = StateIo.readLabels(in);
            target.live.put(labels, in.readLong());
            owners.claim(labels, target);
            if (in.readBoolean()) {
                target.restamped.add(labels);
            }
        }
        return target;
    }
}
