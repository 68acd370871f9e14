package dev.weir.aggregation.scrape;

import dev.weir.schemas.ScrapeEvent;
import dev.weir.series.Labels;
import java.util.Set;

/**
 * The labels that a target gives to its series. What the body says never overrides the project, and where it may override
 * a label of the group ({@code honor_labels}, relabelling) the group's own value stays beside it, so that two groups never
 * write one series.
 */
final class TargetLabels {
    static final String PROJECT = "project_id";
    static final String EXPORTED = "exported_";
    private static final String OF_TARGET = "target_";

    private final Labels target;
    private final Labels group;
    private final String project;
    private final boolean honorLabels;

    TargetLabels(ScrapeEvent event, Set<String> replicaLabels, boolean honorLabels) {
        this.project = event.getProject();
        this.target =
                Labels.of(event.getLabels()).toBuilder().set(PROJECT, project).build();
        this.group = target.filter(name -> !replicaLabels.contains(name));
        this.honorLabels = honorLabels;
    }

    Labels target() {
        return target;
    }

    Labels group() {
        return group;
    }

    /** The body's labels with the target's. */
    Labels merge(Labels body) {
        Labels.Builder merged = target.toBuilder();
        for (int i = 0; i < body.size(); i++) {
            String name = body.name(i);
            boolean taken = target.get(name) != null && (!honorLabels || name.equals(PROJECT));
            while (taken && (merged.get(name) != null || body.get(name) != null)) {
                name = EXPORTED + name;
            }
            merged.set(name, body.value(i));
        }
        return merged.build();
    }

    /** The labels with all of the group's. */
    Labels withGroup(Labels labels) {
        Labels.Builder complete = labels.toBuilder();
        for (int i = 0; i < group.size(); i++) {
            String name = group.name(i);
            String value = labels.get(name);
            if (value == null || name.equals(PROJECT)) {
                complete.set(name, group.value(i));
            } else if (!value.equals(group.value(i))) {
                complete.set(OF_TARGET + name, group.value(i));
            }
        }
        return complete.build();
    }
}
