package dev.weir.aggregation.group;

import dev.weir.aggregation.profile.Mapping;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.series.Labels;
import java.util.HashSet;
import java.util.Set;

/**
 * Where series beyond a project's limit are summed up: under the labels of their group, all other labels' values {@code other},
 * so that a family's sum over all series stays what it is. A label by which a profile selects what counts for a canonical
 * family keeps its value where it is selected, so that canonical sums stay what they are, too.
 */
final class OtherSeries {
    static final String OTHER = "other";

    /** Most of one group. What goes beyond, which takes as many names of families or labels, is counted as unaccounted. */
    static final int MAX_PER_GROUP = 1_000;

    private static final String PARTITION = "partition";

    private OtherSeries() {}

    /** Labels of the series that takes what {@code series}, one of a page of that kind, gains. */
    static Labels labels(Labels series, Labels group, PageProfile page) {
        Set<String> kept = new HashSet<>();
        for (Mapping mapping : page.mappingsOf(series.metricName())) {
            if (mapping.selects(series)) {
                kept.addAll(mapping.source().where().keySet());
            }
        }
        Labels.Builder labels = Labels.builder();
        series.forEach((name, value) ->
                labels.set(name, name.equals(Labels.METRIC_NAME) || kept.contains(name) ? value : OTHER));
        return labels.setAll(group).build();
    }

    /** Labels of the group that takes the targets of new groups; lanes have one each, which write no series of another's. */
    static Labels group(String project, int lane) {
        return Labels.of("project_id", project, "job", OTHER, PARTITION, Integer.toString(lane));
    }
}
