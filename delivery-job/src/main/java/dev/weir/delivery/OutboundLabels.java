package dev.weir.delivery;

import dev.weir.configuration.relabel.RelabelRule;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A series' labels as the receiver gets them, with Prometheus' meaning: first the external labels that the series lacks, then
 * {@code write_relabel_configs}. What was worked out for {@link #MAX_REMEMBERED} series is remembered. Not safe for use by
 * several threads.
 */
final class OutboundLabels {
    /** Beyond it, all is forgotten and learned anew. */
    static final int MAX_REMEMBERED = 100_000;

    private final Labels external;
    private final List<RelabelRule> rules;
    private final Map<List<Label>, List<Label>> remembered = new HashMap<>();

    OutboundLabels(Labels external, List<RelabelRule> rules) {
        this.external = external;
        this.rules = List.copyOf(rules);
    }

    /** Whether labels stay as they are. */
    boolean changeNothing() {
        return external.isEmpty() && rules.isEmpty();
    }

    /** The labels to send, in order of their names; empty if the series is not for this receiver. */
    List<Label> of(List<Label> labels) {
        List<Label> known = remembered.get(labels);
        if (known != null) {
            return known;
        }
        List<Label> result = workOut(labels);
        if (remembered.size() >= MAX_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(labels, result);
        return result;
    }

    private List<Label> workOut(List<Label> labels) {
        Labels.Builder merged = external.toBuilder();
        labels.forEach(label -> merged.set(label.getName(), label.getValue()));
        Labels relabelled = RelabelRule.apply(rules, merged.build());
        List<Label> result = new ArrayList<>();
        if (relabelled != null) {
            relabelled.forEach((name, value) ->
                    result.add(Label.newBuilder().setName(name).setValue(value).build()));
        }
        return result;
    }
}
