package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.SeriesOwners;
import dev.weir.aggregation.report.GaugePoint;
import dev.weir.aggregation.report.GaugeValues;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The values of one target that pass through (rule 6): written once per scrape, at the end of the scrape's window, and
 * ended with a stale marker when absent from a scrape, at a failed one, or when the target is silent. A gauge is known by
 * its place in what the target told.
 */
final class GaugeTarget {
    /** A target's gauges end when it is silent for this many intervals. */
    private static final int SILENT_INTERVALS = 2;

    /** A series whose own timestamps lie further back is stamped with the window instead: no receiver would take it. */
    private static final long OLDEST_TIMESTAMP_MS = 3_600_000;

    /** The first so many gauges tell of the scrape itself, and always have room. */
    private static final int ABOUT_THE_SCRAPE = 4;

    private static final long OWN_TIMESTAMPS_IGNORED = Long.MIN_VALUE;
    private static final long NOT_LIVE = Long.MIN_VALUE;
    private static final List<Labels> NOTHING = List.of();

    /** A scrape whose window is not closed yet, and what was told of its values. */
    private record Waiting(List<Labels> told, GaugeValues scrape) {}

    private long lastAppendMs;
    private long intervalMs;
    /** By window end. */
    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    /** What was told of the newest written scrape; the arrays below go with it. */
    private List<Labels> told = NOTHING;
    /** Time of the newest point of each live series, else {@link #NOT_LIVE}. */
    private long[] newestMs = {};

    private int liveCount;
    /** Whether it is stored otherwise than it is here. */
    boolean changed = true;
    /** Series whose own timestamps are of no use. */
    private boolean[] restamped = {};

    /** Encoded labels; made when needed. */
    private byte[] @Nullable [] encoded = {};

    void take(ScrapeReport report, List<Labels> toldGauges, long windowEndMs) {
        lastAppendMs = Math.max(lastAppendMs, report.appendMs());
        intervalMs = report.intervalMs();
        changed = true;
        waiting.put(windowEndMs, new Waiting(toldGauges, report.gauges()));
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** How many series are live. */
    int liveCount() {
        return liveCount;
    }

    /** Whether it has neither live series nor any to come. */
    boolean isQuiet() {
        return liveCount == 0 && waiting.isEmpty();
    }

    /**
     * Writes what the window brought.
     *
     * @param leaving whether the target said goodbye
     * @param budget without room in which a gauge is left out
     * @param owners where relabelling made two targets' series one, the first target's stands until it ends
     * @param ended series that ended in this window
     */
    void closeWindow(
            long windowEndMs,
            boolean leaving,
            LaneRules rules,
            SeriesBudget budget,
            SeriesOwners owners,
            Set<Labels> ended,
            WriteRequestEncoder out) {
        Waiting due = waiting.remove(windowEndMs);
        if (due != null) {
            changed = true;
            moveTo(due.told(), windowEndMs, owners, ended, out);
            writeScrape(due.scrape(), windowEndMs, rules, budget, owners, ended, out);
        } else if (liveCount > 0
                && waiting.isEmpty()
                && (leaving || windowEndMs - lastAppendMs > SILENT_INTERVALS * intervalMs + rules.windowMs())) {
            changed = true;
            endFrom(0, windowEndMs, owners, ended, out);
        }
    }

    /** Goes over to what a later telling says; live series that it lacks end. */
    private void moveTo(
            List<Labels> next, long windowEndMs, SeriesOwners owners, Set<Labels> ended, WriteRequestEncoder out) {
        if (next == told) {
            return;
        }
        Map<Labels, Integer> places = new HashMap<>();
        for (int i = 0; i < next.size(); i++) {
            places.put(next.get(i), i);
        }
        long[] nextNewestMs = new long[next.size()];
        Arrays.fill(nextNewestMs, NOT_LIVE);
        boolean[] nextRestamped = new boolean[next.size()];
        byte[] @Nullable [] nextEncoded = new byte[next.size()][];
        for (int i = 0; i < told.size(); i++) {
            Integer place = newestMs[i] == NOT_LIVE ? null : places.get(told.get(i));
            if (place == null) {
                end(i, windowEndMs, owners, ended, out);
            } else {
                nextNewestMs[place] = newestMs[i];
                nextRestamped[place] = restamped[i];
                nextEncoded[place] = encoded[i];
            }
        }
        told = next;
        newestMs = nextNewestMs;
        restamped = nextRestamped;
        encoded = nextEncoded;
    }

    private void writeScrape(
            GaugeValues scrape,
            long windowEndMs,
            LaneRules rules,
            SeriesBudget budget,
            SeriesOwners owners,
            Set<Labels> ended,
            WriteRequestEncoder out) {
        for (int i = 0; i < scrape.size(); i++) {
            boolean first = newestMs[i] == NOT_LIVE;
            long earliestMs = first ? windowEndMs - rules.windowMs() + 1 : newestMs[i] + 1;
            long timestampMs = timestamp(i, scrape.timestampMs(i), windowEndMs);
            if (timestampMs == OWN_TIMESTAMPS_IGNORED) {
                timestampMs = windowEndMs;
            } else if (first) {
                // Not at or before a stale marker of the series' former life.
                timestampMs = Math.max(timestampMs, earliestMs);
            }
            if (first && i >= ABOUT_THE_SCRAPE && !budget.admit(1, rules)) {
                budget.countDropped();
            } else if (first && (ended.contains(told.get(i)) || !owners.claim(told.get(i), this))) {
                rules.gaugeConflict();
            } else if (timestampMs >= earliestMs) {
                out.add(encode(i), timestampMs, scrape.values()[i]);
                liveCount += first ? 1 : 0;
                newestMs[i] = timestampMs;
            }
        }
        endFrom(scrape.size(), windowEndMs, owners, ended, out);
    }

    private long timestamp(int gauge, long ownMs, long windowEndMs) {
        if (ownMs == GaugePoint.NO_TIMESTAMP || restamped[gauge]) {
            return OWN_TIMESTAMPS_IGNORED;
        }
        if (newestMs[gauge] == NOT_LIVE && windowEndMs - ownMs > OLDEST_TIMESTAMP_MS) {
            restamped[gauge] = true;
            return OWN_TIMESTAMPS_IGNORED;
        }
        return Math.min(ownMs, windowEndMs);
    }

    private void endFrom(int gauge, long windowEndMs, SeriesOwners owners, Set<Labels> ended, WriteRequestEncoder out) {
        for (int i = gauge; i < newestMs.length; i++) {
            end(i, windowEndMs, owners, ended, out);
        }
    }

    private void end(int gauge, long windowEndMs, SeriesOwners owners, Set<Labels> ended, WriteRequestEncoder out) {
        restamped[gauge] = false;
        if (newestMs[gauge] == NOT_LIVE) {
            return;
        }
        Labels labels = told.get(gauge);
        if (newestMs[gauge] < windowEndMs && ended.add(labels)) {
            out.add(encode(gauge), windowEndMs, StaleMarker.VALUE);
        }
        newestMs[gauge] = NOT_LIVE;
        liveCount--;
        encoded[gauge] = null;
        owners.release(List.of(labels));
    }

    private byte[] encode(int gauge) {
        byte[] known = encoded[gauge];
        if (known == null) {
            known = WriteRequestEncoder.labels(told.get(gauge).toMap());
            encoded[gauge] = known;
        }
        return known;
    }

    /** Claims the live series for this target. */
    void claim(SeriesOwners owners) {
        for (int i = 0; i < newestMs.length; i++) {
            if (newestMs[i] != NOT_LIVE) {
                owners.claim(told.get(i), this);
            }
        }
    }

    /** @param present what the target told last, which most of what is waiting goes with */
    void write(DataOutput out, List<Labels> present) throws IOException {
        out.writeLong(lastAppendMs);
        out.writeLong(intervalMs);
        writeTold(out, told, present);
        StateIo.writeLongs(out, newestMs);
        for (boolean one : restamped) {
            out.writeBoolean(one);
        }
        out.writeInt(waiting.size());
        for (Map.Entry<Long, Waiting> entry : waiting.entrySet()) {
            out.writeLong(entry.getKey());
            writeTold(out, entry.getValue().told(), present);
            entry.getValue().scrape().write(out);
        }
    }

    private static void writeTold(DataOutput out, List<Labels> labels, List<Labels> present) throws IOException {
        out.writeBoolean(labels == present);
        if (labels != present) {
            StateIo.writeLabels(out, labels);
        }
    }

    static GaugeTarget read(DataInput in, List<Labels> present) throws IOException {
        GaugeTarget target = new GaugeTarget();
        target.changed = false;
        target.lastAppendMs = in.readLong();
        target.intervalMs = in.readLong();
        target.told = readTold(in, present);
        target.newestMs = StateIo.readLongs(in);
        target.restamped = new boolean[target.newestMs.length];
        for (int i = 0; i < target.newestMs.length; i++) {
            target.restamped[i] = in.readBoolean();
            target.liveCount += target.newestMs[i] == NOT_LIVE ? 0 : 1;
        }
        target.encoded = new byte[target.newestMs.length][];
        for (int i = in.readInt(); i > 0; i--) {
            target.waiting.put(in.readLong(), new Waiting(readTold(in, present), GaugeValues.read(in)));
        }
        return target;
    }

    private static List<Labels> readTold(DataInput in, List<Labels> present) throws IOException {
        return in.readBoolean() ? present : StateIo.readLabelsList(in);
    }
}
