package dev.weir.aggregation.profile;

import java.io.Serializable;
import java.util.Map;

/**
 * Units that an engine tells in its HELP lines.
 *
 * @param marker text before the unit, which is the rest of the line
 * @param scales per unit as the engine writes it, the factor to the SI base unit
 */
public record HelpUnits(String marker, Map<String, Double> scales) implements Serializable {
    public HelpUnits {
        scales = Map.copyOf(scales);
    }

    /** The unit that the help tells, or "". */
    String unitIn(String help) {
        int at = help.lastIndexOf(marker);
        return at < 0 ? "" : help.substring(at + marker.length()).trim();
    }

    /** The factor by which values of the family become SI, or {@code fallback} if the help tells no known unit. */
    double scale(String help, double fallback) {
        return scales.getOrDefault(unitIn(help), fallback);
    }
}
