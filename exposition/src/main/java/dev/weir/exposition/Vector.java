package dev.weir.exposition;

import dev.weir.series.Labels;
import java.util.List;

/**
 * Counters of one name, folded by their label {@code position}. Prometheus has no such type; it models one metric,
 * {@code vllm:spec_decode_num_accepted_tokens_per_pos}.
 *
 * @param values by position; 0 where the page has none
 */
public record Vector(String name, Labels labels, List<Long> values) implements Metric {
    public Vector {
        values = List.copyOf(values);
    }
}
