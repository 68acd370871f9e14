package dev.weir.benchmarks.ingest;

import dev.weir.exposition.Exposition;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.ParseMode;
import dev.weir.exposition.layout.LineValues;
import dev.weir.exposition.layout.NumberedPage;
import dev.weir.exposition.layout.PageLayout;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One page to numbers, of targets in turn, each page another than the target's last one. Samples per second and core are
 * the samples of a page, which the set-up prints, by the time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgs = "-Xmx2g")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
public class DecodeBenchmark {
    private static final int ROUNDS = 6;

    @Param({"1", "256"})
    public int targets;

    /** Whether targets of the same shape have one layout, as in the aggregation job, or each its own. */
    @Param({"true", "false"})
    public boolean shared;

    private final LineValues values = new LineValues();
    private byte[][][] pages = {};
    private PageLayout[] layouts = {};
    private int next;

    @Setup
    public void simulate() throws ExpositionException {
        FleetPages fleet = new FleetPages(targets, ROUNDS, Duration.ofSeconds(10), FleetPages.SINGLE_RANK);
        pages = new byte[ROUNDS][targets][];
        layouts = new PageLayout[targets];
        for (int target = 0; target < targets; target++) {
            for (int round = 0; round < ROUNDS; round++) {
                pages[round][target] = fleet.page(target, round);
            }
            PageLayout own = layout(pages[0][target]);
            layouts[target] = shared && own.equals(layouts[0]) ? layouts[0] : own;
        }
        System.out.println(fleet.samples() + " samples and " + pages[0][0].length + " bytes a page, "
                + changed(pages[0][0], pages[1][0]) + " lines changed");
    }

    @Benchmark
    public double byLayout() throws ExpositionException {
        int target = next % targets;
        byte[] page = pages[next / targets][target];
        next = (next + 1) % (targets * ROUNDS);
        if (!layouts[target].read(page, 0, page.length, values)) {
            // A series came or, where the pages begin anew, went.
            layouts[target] = layout(page);
        }
        return values.value(values.size() - 1);
    }

    @Benchmark
    public Exposition asObjects() throws ExpositionException {
        byte[] page = pages[next / targets][next % targets];
        next = (next + 1) % (targets * ROUNDS);
        return ExpositionParser.parse(page, ExpositionFormat.TEXT_0_0_4, ParseMode.LENIENT);
    }

    private static PageLayout layout(byte[] page) throws ExpositionException {
        return Objects.requireNonNull(
                NumberedPage.parse(page, 0, page.length, ExpositionFormat.TEXT_0_0_4)
                        .layout(),
                "no layout");
    }

    private static int changed(byte[] before, byte[] after) {
        String[] a = new String(before, StandardCharsets.UTF_8).split("\n");
        String[] b = new String(after, StandardCharsets.UTF_8).split("\n");
        int changed = 0;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            changed += a[i].equals(b[i]) ? 0 : 1;
        }
        return changed;
    }
}
