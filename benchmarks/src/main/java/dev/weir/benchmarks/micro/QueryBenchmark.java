package dev.weir.benchmarks.micro;

import dev.weir.promql.engine.EngineOptions;
import dev.weir.promql.engine.PromQlEngine;
import dev.weir.promql.engine.QueryOptions;
import dev.weir.promql.value.QueryResult;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Range queries over an hour at 15 s, from the query's text to its value, without HTTP and JSON. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class QueryBenchmark {
    /** What a query of the benchmark does. */
    public enum Kind {
        SELECTOR("vllm:generation_tokens_total"),
        RATE("rate(vllm:generation_tokens_total[5m])"),
        MAX_OVER_TIME("max_over_time(vllm:generation_tokens_total[10m])"),
        AGGREGATION("sum by (model_name)(rate(vllm:generation_tokens_total[1m]))"),
        COUNT("count by (model_name)(vllm:time_to_first_token_seconds_bucket)"),
        TOPK("topk(5, sum by (pod)(rate(vllm:generation_tokens_total[5m])))"),
        HISTOGRAM_QUANTILE(
                "histogram_quantile(0.99, sum(rate(vllm:time_to_first_token_seconds_bucket[5m])) by (le)) * 1000"),
        JOIN("rate(vllm:generation_tokens_total[5m]) / on (pod) group_left (finished_reason)"
                + " rate(vllm:request_success_total[5m])"),
        SUBQUERY("max_over_time(sum by (model_name)(rate(vllm:generation_tokens_total[1m]))[10m:30s])");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    @Param
    public Kind kind = Kind.SELECTOR;

    private final PromQlEngine engine = new PromQlEngine(EngineOptions.DEFAULT);
    private final FleetStore store = new FleetStore();

    @Setup(Level.Trial)
    public void requireAnswer() {
        if (evaluate().statistics().samplesRead() == 0) {
            throw new IllegalStateException(kind + " reads nothing");
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        store.close();
    }

    @Benchmark
    public QueryResult evaluate() {
        return engine.range(
                store.view(),
                kind.text,
                FleetStore.START_MS,
                FleetStore.END_MS,
                FleetStore.STEP_MS,
                QueryOptions.DEFAULT);
    }
}
