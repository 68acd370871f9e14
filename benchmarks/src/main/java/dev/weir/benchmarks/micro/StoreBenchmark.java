package dev.weir.benchmarks.micro;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.series.LabelMatcher;
import dev.weir.series.Labels;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Finding 2,300 series by their name, and reading 65 minutes of each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class StoreBenchmark {
    private static final long FROM_MS = FleetStore.START_MS - 300_000;
    private static final List<LabelMatcher> MATCHERS = List.of(
            new LabelMatcher(LabelMatcher.Type.EQUAL, Labels.METRIC_NAME, "vllm:time_to_first_token_seconds_bucket"));

    private final FleetStore store = new FleetStore();
    private final SampleColumns samples = new SampleColumns();

    @TearDown(Level.Trial)
    public void close() {
        store.close();
    }

    @Benchmark
    public List<StoredSeries> select() {
        return store.view().select(MATCHERS, FROM_MS, FleetStore.END_MS);
    }

    @Benchmark
    public long read() {
        long total = 0;
        for (StoredSeries series : select()) {
            samples.clear();
            series.read(FROM_MS, FleetStore.END_MS, samples);
            total += samples.size();
        }
        return total;
    }
}
