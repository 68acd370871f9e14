package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.request.RequestGroups;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.aggregation.state.StateIo;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * All groups whose results go to one partition of {@code weir.series}, and that partition's frontier: the end of the
 * newest window of which all records stand before it in the partition.
 *
 * <p>Windows close in order, each once, whatever is restored: the newest closed one is part of the state.
 */
public final class Lane {
    private static final int VERSION = 7;
    private static final long NONE = Long.MIN_VALUE;

    /** An eventless stretch longer than this is left out: it is a gap, not a number of zeros. */
    private static final int LONGEST_FLAT_WINDOWS = 12;

    private final int lane;
    private final long windowMs;
    private long closedMs = NONE;
    private final Map<Labels, Group> groups = new LinkedHashMap<>();
    private RequestGroups requests = new RequestGroups();
    /** The targets whose reports can be read. */
    private final Map<String, ToldTarget> targets = new HashMap<>();

    private final Set<String> projects = new TreeSet<>();
    private final WriteRequestEncoder encoder = new WriteRequestEncoder();

    public Lane(int lane, long windowMs) {
        this.lane = lane;
        this.windowMs = windowMs;
    }

    /** The lane of a group, stable over versions of this code: labels hash alike in every Java. */
    public static int of(String project, Labels group, int lanes) {
        int hash = project.hashCode() * 31 + group.hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return Math.floorMod(hash, lanes);
    }

    /**
     * @throws IllegalArgumentException if the rules' window is not the one that the lane began with
     * @throws IllegalStateException if the target did not tell the report's shape, which cannot be ({@link Telling})
     */
    public void take(ScrapeReport report, LaneRules rules) {
        checkWindow(rules);
        beginWith(report.appendMs(), rules);
        ToldTarget target = told(report);
        target.leaving = report.lastWord();
        target.group.take(target, report, rules, closedMs);
    }

    private ToldTarget told(ScrapeReport report) {
        ToldTarget former = targets.get(report.target());
        Telling telling = report.telling();
        if (telling == null) {
            if (former == null || former.shape != report.shape()) {
                throw new IllegalStateException("report of shape " + report.shape() + " of target "
                        + report.target().replace('\n', ' ') + " (expected: "
                        + (former == null ? "a telling first" : "shape " + former.shape) + ")");
            }
            return former;
        }
        Group group = groups.computeIfAbsent(telling.group(), labels -> new Group(telling.project(), labels));
        if (former != null && former.group != group) {
            former.leaving = true;
        }
        ToldTarget present = group.tell(report.target(), report.shape(), telling);
        targets.put(report.target(), present);
        return present;
    }

    /** Takes a target's goodbye: it tells anew before its next report. */
    public void forget(String target) {
        ToldTarget former = targets.get(target);
        if (former != null) {
            former.leaving = true;
        }
    }

    /**
     * Takes a request into the window of its append time, or if that is closed into the next one.
     *
     * @throws IllegalArgumentException if the rules' window is not the one that the lane began with
     */
    public void take(RequestReport request, LaneRules rules) {
        checkWindow(rules);
        beginWith(request.appendMs(), rules);
        if (!requests.take(request, Math.max(rules.windowEnd(request.appendMs()), nextWindowEndMs()))) {
            rules.requestConflict();
        }
    }

    /** Windows in which the lane had no group are not closed afterwards: nothing is in them. */
    private void beginWith(long appendMs, LaneRules rules) {
        if (groups.isEmpty() && requests.isEmpty()) {
            closedMs = Math.max(closedMs, rules.windowEnd(appendMs) - windowMs);
        }
    }

    /** End of the next window to close. */
    public long nextWindowEndMs() {
        return closedMs + windowMs;
    }

    /**
     * Closes every window that ends at or before {@code watermarkMs}; at the end of all input, which {@link
     * Long#MAX_VALUE} stands for, those that hold something.
     */
    public void advance(long watermarkMs, LaneRules rules, Consumer<SeriesRecord> out) {
        checkWindow(rules);
        if (closedMs == NONE) {
            return;
        }
        if (watermarkMs == Long.MAX_VALUE) {
            while (requests.hasUnwritten() || groups.values().stream().anyMatch(Group::hasUnwritten)) {
                closeWindow(rules, out);
            }
            return;
        }
        while (nextWindowEndMs() <= watermarkMs) {
            long remaining = (watermarkMs - closedMs) / windowMs;
            if (remaining > LONGEST_FLAT_WINDOWS
                    && requests.isQuiet()
                    && groups.values().stream().allMatch(Group::isQuiet)) {
                closedMs += (remaining - 1) * windowMs;
                groups.values().forEach(group -> group.skipTo(closedMs));
            }
            closeWindow(rules, out);
        }
    }

    private void closeWindow(LaneRules rules, Consumer<SeriesRecord> out) {
        closedMs += windowMs;
        Set<String> present = new TreeSet<>();
        Iterator<Map.Entry<Labels, Group>> all = groups.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Labels, Group> entry = all.next();
            Group group = entry.getValue();
            byte[] key = (group.project() + entry.getKey()).getBytes(StandardCharsets.UTF_8);
            Map<String, ToldTarget> forgotten = new HashMap<>();
            group.closeWindow(closedMs, rules, forgotten, new RecordOutput() {
                @Override
                public WriteRequestEncoder encoder() {
                    return encoder;
                }

                @Override
                public void cutAbove(int bytes) {
                    if (!encoder.isEmpty() && encoder.sizeBytes() > bytes) {
                        out.accept(new SeriesRecord(lane, key, encoder.drain()));
                    }
                }
            });
            forgotten.forEach(targets::remove);
            if (group.isEmpty()) {
                all.remove();
            } else {
                present.add(group.project());
            }
        }
        requests.closeWindow(closedMs, windowMs, rules.expiryMs(), present, new RequestGroups.Output() {
            @Override
            public WriteRequestEncoder encoder() {
                return encoder;
            }

            @Override
            public void cut(byte[] key) {
                out.accept(new SeriesRecord(lane, key, encoder.drain()));
            }
        });
        present.forEach(project -> writeFrontier(project, closedMs / 1000.0, out));
        for (String project : new ArrayList<>(projects)) {
            if (!present.contains(project)) {
                writeFrontier(project, StaleMarker.VALUE, out);
            }
        }
        projects.clear();
        projects.addAll(present);
    }

    private void writeFrontier(String project, double value, Consumer<SeriesRecord> out) {
        Labels labels = Labels.of(
                Labels.METRIC_NAME, OwnSeries.FRONTIER, "project_id", project, "partition", Integer.toString(lane));
        encoder.add(WriteRequestEncoder.labels(labels.toMap()), closedMs, value);
        out.accept(new SeriesRecord(lane, project.getBytes(StandardCharsets.UTF_8), encoder.drain()));
    }

    private void checkWindow(LaneRules rules) {
        if (rules.windowMs() != windowMs) {
            throw new IllegalArgumentException("aggregation.window: " + rules.windowMs() + " ms (expected: " + windowMs
                    + " ms, with which the stored state was made)");
        }
    }

    public void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(lane);
        out.writeLong(windowMs);
        out.writeLong(closedMs);
        out.writeInt(groups.size());
        for (Map.Entry<Labels, Group> group : groups.entrySet()) {
            StateIo.writeLabels(out, group.getKey());
            group.getValue().write(out);
        }
        requests.write(out);
        out.writeInt(projects.size());
        for (String project : projects) {
            StateIo.writeString(out, project);
        }
    }

    public static Lane read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "lane state");
        Lane lane = new Lane(in.readInt(), in.readLong());
        lane.closedMs = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            lane.add(StateIo.readLabels(in), Group.read(in, lane.windowMs));
        }
        lane.requests = RequestGroups.read(in);
        for (int i = in.readInt(); i > 0; i--) {
            lane.projects.add(StateIo.readString(in));
        }
        return lane;
    }

    private void add(Labels key, Group group) {
        groups.put(key, group);
        // Of two that one target left behind neither is read again; the present one stands in one group only.
        group.targets().forEach((name, target) -> {
            if (!target.leaving || !targets.containsKey(name)) {
                targets.put(name, target);
            }
        });
    }

    /** A copy that shares nothing that changes. */
    public Lane copy() {
        Lane copy = new Lane(lane, windowMs);
        copy.closedMs = closedMs;
        groups.forEach((key, group) -> copy.add(key, group.copy()));
        copy.requests = requests.copy();
        copy.projects.addAll(projects);
        return copy;
    }

    /** Groups at present. */
    public int groupCount() {
        return groups.size() + requests.size();
    }
}
