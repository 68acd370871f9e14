package dev.weir.aggregation.group;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.RecordOutput;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.report.Telling;
import dev.weir.aggregation.request.RequestGroups;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.aggregation.state.EntryChanges;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All groups whose results go to one partition of {@code weir.series}, and that partition's frontier: the end of the
 * newest window of which all records stand before it in the partition.
 *
 * <p>Windows close in order, each once, whatever is restored: the newest closed one is part of the state.
 */
public final class Lane {
    static final int VERSION = 12;
    private static final long NONE = Long.MIN_VALUE;

    /** An eventless stretch longer than this is left out: it is a gap, not a number of zeros. */
    private static final int LONGEST_FLAT_WINDOWS = 12;

    private final int lane;
    private final long windowMs;
    private long closedMs = NONE;
    private final Map<Labels, Group> groups = new LinkedHashMap<>();
    private final RequestGroups requests;
    /** The targets whose reports can be read. */
    private final Map<String, ToldTarget> targets = new HashMap<>();

    /** Number of the next group. */
    private long nextGroup;

    private EntryChanges changes = new EntryChanges();
    private final Map<String, SeriesBudget> budgets = new TreeMap<>();
    private final Set<String> projects = new TreeSet<>();
    private final WriteRequestEncoder encoder = new WriteRequestEncoder();

    public Lane(int lane, long windowMs) {
        this.lane = lane;
        this.windowMs = windowMs;
        this.requests = new RequestGroups(lane);
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
        ToldTarget target = told(report, rules);
        target.setLeaving(report.lastWord());
        target.group.take(target, report, rules, budget(target.group.project()), closedMs);
    }

    private ToldTarget told(ScrapeReport report, LaneRules rules) {
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
        Group group = group(telling, former, rules);
        if (former != null && former.group != group) {
            former.setLeaving(true);
        }
        ToldTarget present = group.tell(report.target(), report.shape(), telling);
        targets.put(report.target(), present);
        return present;
    }

    /** The group of what is told: its own, or that of others if there is no room for a new one. */
    private Group group(Telling telling, @Nullable ToldTarget former, LaneRules rules) {
        Group own = groups.get(telling.group());
        if (own != null) {
            return own;
        }
        boolean stays = former != null && former.group.takesOthers() && !former.isLeaving();
        boolean isNew = !stays && budget(telling.project()).admit(1, rules);
        Labels labels = isNew ? telling.group() : OtherSeries.group(telling.project(), lane);
        return groups.computeIfAbsent(labels, key -> new Group(nextGroup++, telling.project(), key, !isNew));
    }

    private SeriesBudget budget(String project) {
        return budgets.computeIfAbsent(project, key -> new SeriesBudget(key, lane));
    }

    /** Takes a target's goodbye: it tells anew before its next report. */
    public void forget(String target) {
        ToldTarget former = targets.get(target);
        if (former != null) {
            former.setLeaving(true);
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

    /** End of the newest closed window, or of the one that is being closed. */
    public long closedMs() {
        return closedMs;
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
            group.closeWindow(closedMs, rules, budget(group.project()), forgotten, new RecordOutput() {
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
            forgotten.forEach((name, target) -> {
                targets.remove(name, target);
                changes.remove(LaneEntry.told(group.number(), name).text());
                changes.remove(LaneEntry.gauges(group.number(), name).text());
            });
            if (group.isEmpty()) {
                all.remove();
                changes.remove(LaneEntry.group(group.number()).text());
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
        recountSeries();
        present.forEach(project -> {
            budget(project).writePoints(closedMs, encoder);
            writeFrontier(project, closedMs / 1000.0, out);
        });
        for (String project : new ArrayList<>(projects)) {
            if (!present.contains(project)) {
                budget(project).writeStaleMarkers(closedMs, encoder);
                budgets.remove(project);
                writeFrontier(project, StaleMarker.VALUE, out);
            }
        }
        projects.clear();
        projects.addAll(present);
    }

    private void recountSeries() {
        Map<String, Integer> counts = new HashMap<>();
        groups.values().forEach(group -> counts.merge(group.project(), group.seriesCount(), Integer::sum));
        budgets.forEach((project, budget) -> budget.recount(counts.getOrDefault(project, 0)));
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

    /** What is to be stored anew since the last call, or since {@link #read}. */
    public EntryChanges drainChanges() throws IOException {
        changes.put(LaneEntry.FACTS.text(), this::writeFacts);
        for (Group group : groups.values()) {
            group.addChanges(changes);
        }
        requests.addChanges(changes, labels -> LaneEntry.requests(labels).text());
        EntryChanges drained = changes;
        changes = new EntryChanges();
        return drained;
    }

    private void writeFacts(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(lane);
        out.writeLong(windowMs);
        out.writeLong(closedMs);
        out.writeLong(nextGroup);
        out.writeInt(projects.size());
        for (String project : projects) {
            StateIo.writeString(out, project);
            budget(project).write(out);
        }
    }

    /**
     * Reads all that was stored of a lane.
     *
     * @param stored the entries by name
     * @throws IOException if another version of Weir wrote them, or they are damaged
     */
    public static Lane read(Map<String, byte[]> stored) throws IOException {
        return new LaneReader(stored).read();
    }

    static Lane readFacts(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "lane state");
        Lane lane = new Lane(in.readInt(), in.readLong());
        lane.closedMs = in.readLong();
        lane.nextGroup = in.readLong();
        for (int i = in.readInt(); i > 0; i--) {
            String project = StateIo.readString(in);
            lane.projects.add(project);
            lane.budget(project).read(in);
        }
        return lane;
    }

    /** Takes a group that was read, with all its targets. */
    void add(Group group) {
        groups.put(group.labels(), group);
        budget(group.project()).add(group.seriesCount());
        // Of two that one target left behind neither is read again; the present one stands in one group only.
        group.targets().forEach((name, target) -> {
            if (!target.isLeaving() || !targets.containsKey(name)) {
                targets.put(name, target);
            }
        });
    }

    long windowMs() {
        return windowMs;
    }

    RequestGroups requests() {
        return requests;
    }

    /** Groups at present. */
    public int groupCount() {
        return groups.size() + requests.size();
    }

    /** Targets at present. */
    public int targetCount() {
        return targets.size();
    }
}
