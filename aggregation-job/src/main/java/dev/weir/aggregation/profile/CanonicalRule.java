package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.GaugeAggregation;
import java.io.Serializable;
import java.util.List;

/**
 * How one canonical family comes of an engine's.
 *
 * @param alternatives newest name first: of those that a page has, the first counts and no other. The sources of one
 *     alternative add up; a page has it if it has all their families.
 * @param aggregation of a gauge's values; of no meaning for others
 * @param required whether every page of the engine has one of the alternatives, from its first scrape on
 */
public record CanonicalRule(
        CanonicalFamily family, List<List<Source>> alternatives, GaugeAggregation aggregation, boolean required)
        implements Serializable {
    public CanonicalRule {
        alternatives = alternatives.stream().map(List::copyOf).toList();
    }
}
