package dev.weir.aggregation.view;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.canonical.Vantage;
import dev.weir.aggregation.profile.Source;
import dev.weir.series.Labels;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Re-emits canonical families under the names, units, labels and step of another system.
 *
 * @param stepMs distance of its points, as near as windows allow; 0 for one a window
 * @param vantage whose measurements it shows, and no other's
 * @param source likewise: scrapes or requests
 * @param labels of its series, besides their group's, and the canonical labels whose values they take
 */
public record View(
        String name,
        long stepMs,
        Vantage vantage,
        String source,
        Map<String, String> labels,
        List<ViewFamily> families,
        List<DerivedQuantile> quantiles,
        List<RollingTotal> rolling)
        implements Serializable {
    public View {
        labels = Map.copyOf(labels);
        families = List.copyOf(families);
        quantiles = List.copyOf(quantiles);
        rolling = List.copyOf(rolling);
    }

    /**
     * A family of the view.
     *
     * @param alternatives canonical families that it is made of: the first alternative that a profile maps, whole
     * @param perReplica whether a gauge's value is divided by the number of replicas
     */
    public record ViewFamily(String name, Shape shape, String help, List<List<Source>> alternatives, boolean perReplica)
            implements Serializable {
        public ViewFamily {
            alternatives = alternatives.stream().map(List::copyOf).toList();
        }

        private List<Source> of(Predicate<CanonicalFamily> mapped) {
            for (List<Source> alternative : alternatives) {
                if (alternative.stream().allMatch(source -> mapped.test(canonical(source)))) {
                    return alternative;
                }
            }
            return List.of();
        }
    }

    /** One of the view's families and the part that a canonical one has in it. */
    public record Use(ViewFamily family, Source source) {}

    /** A gauge: the quantile of what one of the view's histograms gained over the newest step. */
    public record DerivedQuantile(String name, String of, double quantile, String help) implements Serializable {}

    /** A gauge: what one of the view's counters gained over a time before now. */
    public record RollingTotal(String name, String of, long overMs, String help) implements Serializable {}

    static CanonicalFamily canonical(Source source) {
        CanonicalFamily family = CanonicalFamily.words().get(source.family());
        if (family == null) {
            throw new IllegalArgumentException("family: " + source.family() + " (expected: a canonical one)");
        }
        return family;
    }

    /** This view of another vantage or source. */
    public View of(Vantage otherVantage, String otherSource) {
        return new View(name, stepMs, otherVantage, otherSource, labels, families, quantiles, rolling);
    }

    /**
     * What the view makes of a canonical family.
     *
     * @param mapped which canonical families there are of the same origin
     */
    public List<Use> usesOf(CanonicalFamily canonical, Predicate<CanonicalFamily> mapped) {
        List<Use> uses = new ArrayList<>();
        for (ViewFamily family : families) {
            for (Source used : family.of(mapped)) {
                if (canonical(used) == canonical) {
                    uses.add(new Use(family, used));
                }
            }
        }
        return uses;
    }

    /** Labels of the view's series that the canonical one belongs to. */
    public Labels labels(String family, Labels canonical, Labels group) {
        Labels.Builder viewed = Labels.builder();
        labels.forEach((label, from) -> {
            String value = canonical.getOrEmpty(from);
            if (!value.isEmpty()) {
                viewed.set(label, value);
            }
        });
        return viewed.setAll(group).set(Labels.METRIC_NAME, family).build();
    }
}
