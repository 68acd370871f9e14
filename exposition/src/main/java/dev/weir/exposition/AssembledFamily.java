package dev.weir.exposition;

import java.util.List;

/**
 * A family whose lines were put together into series.
 *
 * @param series in order of first appearance; a histogram's or summary's lines that could not be put together follow
 *     as {@link PointSeries} of type unknown
 */
public record AssembledFamily(String name, MetricType type, String help, String unit, List<AssembledSeries> series) {
    public AssembledFamily {
        series = List.copyOf(series);
    }
}
