package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.GaugeAggregation;
import dev.weir.series.Labels;
import java.util.List;
import java.util.Map;

/**
 * What a family of a page is in the canonical vocabulary.
 *
 * @param scale from the family's unit on this page to the canonical one's
 */
public record Mapping(
        Profile profile, CanonicalFamily family, GaugeAggregation aggregation, Source source, double scale) {
    /** Labels of what scrapes tell. */
    public static final String SCRAPES = "scrapes";

    private static final String EXPORTED_BY_TARGET = "target_";

    /** Canonical labels that come from the engine's or the target's, and from which ones unless a profile says others. */
    static final Map<String, List<String>> LABELS = Map.of(
            "pipeline_name", List.of("pipeline_name"),
            "namespace", List.of("namespace", "kubernetes_namespace"),
            "model_name", List.of("model_name"),
            "target_model_name", List.of("target_model_name"),
            "service_tier", List.of("service_tier"));

    /** Whether the series, of the source's family, is mapped. */
    public boolean selects(Labels series) {
        return source.selects(series);
    }

    /** Labels of the canonical series that {@code series}, one of a group's, belongs to. */
    public Labels labels(Labels series, Labels group) {
        return labels(profile, family, series, group);
    }

    /**
     * Labels of a canonical series: the canonical ones and the whole group key. A label of the group that is called as
     * one which tells the origin stays as {@code target_...}, so that no two groups write one series.
     */
    public static Labels labels(Profile profile, CanonicalFamily family, Labels series, Labels group) {
        Labels.Builder labels = labels(profile.labels(), series, group);
        origin(labels, "model_server", profile.modelServer());
        origin(labels, "vantage", profile.vantage().word());
        origin(labels, "source", SCRAPES);
        return labels.set(Labels.METRIC_NAME, family.metricName()).build();
    }

    /** Labels of a canonical series of a group of which no engine is known. */
    public static Labels labels(CanonicalFamily family, Labels group) {
        Labels.Builder labels = labels(Map.of(), group, group);
        origin(labels, "source", SCRAPES);
        return labels.set(Labels.METRIC_NAME, family.metricName()).build();
    }

    private static Labels.Builder labels(Map<String, List<String>> ofProfile, Labels series, Labels group) {
        Labels.Builder labels = Labels.builder();
        LABELS.forEach((label, usual) -> {
            for (String candidate : ofProfile.getOrDefault(label, usual)) {
                String value = series.getOrEmpty(candidate);
                if (!value.isEmpty()) {
                    labels.set(label, value);
                    break;
                }
            }
        });
        labels.setAll(group);
        return labels;
    }

    private static void origin(Labels.Builder labels, String name, String value) {
        String ofTarget = labels.get(name);
        if (ofTarget != null && !ofTarget.equals(value)) {
            labels.set(EXPORTED_BY_TARGET + name, ofTarget);
        }
        labels.set(name, value);
    }
}
