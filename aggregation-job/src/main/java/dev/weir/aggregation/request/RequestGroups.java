package dev.weir.aggregation.request;

import dev.weir.aggregation.sketch.SketchSeries;
import dev.weir.aggregation.state.EntryChanges;
import dev.weir.schemas.WriteRequestEncoder;
import dev.weir.schemas.remotewrite.MetricMetadata;
import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The groups of requests of one lane. The lane says when a window closes, and which was the newest to be. */
public final class RequestGroups {
    /** Most groups of a lane; requests of further ones are summed up, by project, under the model {@link #OTHER}. */
    public static final int MAX_GROUPS = 5_000;

    public static final String OTHER = "other";

    private final int lane;
    private final Map<Labels, RequestGroup> groups = new LinkedHashMap<>();
    /** Groups that have gone since {@link #addChanges}. */
    private final Set<Labels> gone = new HashSet<>();

    /** Where the records of a window go. */
    public interface Output {
        WriteRequestEncoder encoder();

        /** Makes a record of what the encoder holds. */
        void cut(byte[] key);
    }

    public RequestGroups(int lane) {
        this.lane = lane;
    }

    /**
     * Adds a request to a window that is still open.
     *
     * @return whether the request was added to its own group, and not, since there are too many, to {@link #OTHER}
     */
    public boolean take(RequestReport report, long windowEndMs) {
        RequestGroup group = groups.get(report.group());
        boolean own = group != null || groups.size() < MAX_GROUPS;
        if (group == null) {
            Labels labels = own ? report.group() : other(report.project());
            group = groups.computeIfAbsent(labels, key -> new RequestGroup(report.project(), key));
        }
        group.take(report, windowEndMs);
        return own;
    }

    /** Labels of the group that sums up a project's further ones; lanes have one each, which write no series of another's. */
    private Labels other(String project) {
        return Labels.of(
                "project_id", project, "model_name", OTHER, "partition", Integer.toString(lane), "source", "requests");
    }

    public boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Whether windows to come hold something that is known already. */
    public boolean hasUnwritten() {
        return groups.values().stream().anyMatch(RequestGroup::hasUnwritten);
    }

    /** Whether a window may be left out without a loss. */
    public boolean isQuiet() {
        return groups.values().stream().allMatch(RequestGroup::isQuiet);
    }

    /**
     * Writes the points of the window that ends then, a record for each group.
     *
     * @param projects gets the projects that have a group
     */
    public void closeWindow(long windowEndMs, long windowMs, long expiryMs, Set<String> projects, Output out) {
        Iterator<RequestGroup> all = groups.values().iterator();
        while (all.hasNext()) {
            RequestGroup group = all.next();
            WriteRequestEncoder encoder = out.encoder();
            if (!group.told) {
                encoder.addMetadata(metadata());
                group.told = true;
            }
            group.closeWindow(windowEndMs, windowMs, expiryMs, encoder);
            if (!encoder.isEmpty()) {
                out.cut((group.project() + group.labels()).getBytes(StandardCharsets.UTF_8));
            }
            if (group.isGone(windowEndMs)) {
                all.remove();
                gone.add(group.labels());
            } else {
                projects.add(group.project());
            }
        }
    }

    public int size() {
        return groups.size();
    }

    private static List<MetricMetadata> metadata() {
        List<MetricMetadata> families = new ArrayList<>();
        for (RequestCounter counter : RequestCounter.values()) {
            families.add(family(counter.metricName, MetricMetadata.MetricType.COUNTER, counter.help, ""));
        }
        for (RequestLatency latency : RequestLatency.values()) {
            families.add(family(latency.metricName, MetricMetadata.MetricType.HISTOGRAM, latency.help, "seconds"));
            for (SketchSeries.Part part : SketchSeries.Part.values()) {
                families.add(family(
                        part.metricName(latency.metricName),
                        MetricMetadata.MetricType.GAUGE,
                        part.help(latency.help),
                        "seconds"));
            }
        }
        return families;
    }

    private static MetricMetadata family(String name, MetricMetadata.MetricType type, String help, String unit) {
        return MetricMetadata.newBuilder()
                .setMetricFamilyName(name)
                .setType(type)
                .setHelp(help)
                .setUnit(unit)
                .build();
    }

    /**
     * Adds what is to be stored anew since the last call.
     *
     * @param name of a group's entry
     */
    public void addChanges(EntryChanges changes, Function<Labels, String> name) throws IOException {
        gone.forEach(labels -> changes.remove(name.apply(labels)));
        gone.clear();
        for (RequestGroup group : groups.values()) {
            if (group.changed) {
                changes.put(name.apply(group.labels()), group::write);
                group.changed = false;
            }
        }
    }

    /** Reads the entry of a group. */
    public void read(DataInput in) throws IOException {
        RequestGroup group = RequestGroup.read(in);
        groups.put(group.labels(), group);
    }
}
