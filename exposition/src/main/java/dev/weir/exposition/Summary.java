package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Observations as quantiles that the exporter computed.
 *
 * @param count of all observations, -1 if the page does not give it
 * @param sum of all observed values, NaN if the page does not give it
 * @param quantiles from quantile, as the page writes it, to its value; ascending, perhaps empty
 */
public record Summary(String name, Labels labels, long count, double sum, Map<String, Double> quantiles)
        implements Metric {
    public Summary {
        quantiles = Collections.unmodifiableMap(new LinkedHashMap<>(quantiles));
    }
}
