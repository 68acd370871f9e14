package dev.weir.benchmarks.sidebyside;

import java.util.List;

/**
 * One of the questions.
 *
 * @param isRange over the last hour at 15 s, else at the last scrape
 */
record Query(String name, String text, boolean isRange) {
    static final List<Query> ALL = List.of(
            range(
                    "p99-ttft",
                    "histogram_quantile(0.99, sum(rate(vllm:time_to_first_token_seconds_bucket[5m])) by (le)) * 1000"),
            range("tokens-by-model", "sum by (model_name)(rate(vllm:generation_tokens_total[1m]))"),
            range(
                    "p99-by-model",
                    "histogram_quantile(0.99, sum by (model_name, le)"
                            + " (rate(vllm:time_to_first_token_seconds_bucket[5m])))"),
            range(
                    "join",
                    "sum by (pod, model_name)(rate(vllm:generation_tokens_total[5m]))"
                            + " / on (model_name) group_left sum by (model_name)(rate(vllm:generation_tokens_total[5m]))"),
            range("subquery", "max_over_time(sum by (model_name)(rate(vllm:generation_tokens_total[1m]))[10m:30s])"),
            range("topk", "topk(5, sum by (pod)(rate(vllm:generation_tokens_total[5m])))"),
            range("count-by", "count by (model_name)(vllm:time_to_first_token_seconds_bucket)"),
            range("max-over-time", "max by (le)(max_over_time(vllm:time_to_first_token_seconds_bucket[10m]))"),
            range(
                    "share",
                    "sum(rate(vllm:prompt_tokens_total[5m])) / (sum(rate(vllm:prompt_tokens_total[5m]))"
                            + " + sum(rate(vllm:generation_tokens_total[5m])))"),
            range("raw", "vllm:generation_tokens_total"),
            new Query("constant-now", "1", false),
            new Query(
                    "p99-ttft-now",
                    "histogram_quantile(0.99, sum(rate(vllm:time_to_first_token_seconds_bucket[5m])) by (le)) * 1000",
                    false),
            new Query("count-all", "count by (__name__)({job=\"vllm\"})", false));

    private static Query range(String name, String text) {
        return new Query(name, text, true);
    }
}
