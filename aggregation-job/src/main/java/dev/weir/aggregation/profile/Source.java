package dev.weir.aggregation.profile;

import dev.weir.series.Labels;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * One engine family as (part of) a canonical one.
 *
 * @param family as the engine's series are called; a histogram's without suffix
 * @param take which part of the family
 * @param into which part of a canonical histogram it makes; WHOLE where it is all of it
 * @param scale from the family's unit to the canonical one's
 * @param where labels that a series must have, each with the values it may have; "" is the value of an absent one
 */
public record Source(String family, Part take, Part into, double scale, Map<String, List<String>> where)
        implements Serializable {
    public Source {
        where = Map.copyOf(where);
    }

    /** Whether the series of its family is meant. */
    boolean selects(Labels series) {
        for (Map.Entry<String, List<String>> condition : where.entrySet()) {
            if (!condition.getValue().contains(series.getOrEmpty(condition.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
