package dev.weir.aggregation.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.configuration.StateBackend;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class RescaleTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(StateBackend.class)
    void goesOnFromASavepointAtAnyParallelismAsIfNothingHadHappened(StateBackend backend) throws Exception {
        Points uninterrupted;
        try (SteppedJob job = new SteppedJob()) {
            uninterrupted = job.finish(backend, 1, null);
        }
        assertSums(uninterrupted);
        Points rescaled;
        try (SteppedJob job = new SteppedJob()) {
            String first = job.stepTo(2, backend, 1, null, folder);
            String second = job.stepTo(4, backend, 2, first, folder);
            String third = job.stepTo(6, backend, 4, second, folder);
            rescaled = job.finish(backend, 1, third);
        }
        assertSums(rescaled);
        // Which of the two topics ends first decides how the last windows are told; real ones do not end.
        long lastRound = 15L * SteppedJob.ROUNDS;
        assertEquals(uninterrupted.through(lastRound), rescaled.through(lastRound));
    }

    /** The sums of what was fed, and every window of every lane once. */
    private static void assertSums(Points points) {
        int rounds = SteppedJob.ROUNDS;
        assertEquals(rounds * 10 * (1 + 4), points.last("__name__=c_total", "pipeline_name=chat"));
        assertEquals(rounds * 10 * (2 + 5), points.last("__name__=c_total", "pipeline_name=code"));
        assertEquals(rounds * 10 * (3 + 6), points.last("__name__=c_total", "pipeline_name=embed"));
        assertEquals(2 * rounds * 3, points.last("__name__=h", "pipeline_name=embed"));
        assertEquals(SteppedJob.REQUESTS, points.last("__name__=inference_requests_total", "source=requests"));
        points.bySeries().forEach((series, values) -> {
            if (series.startsWith("__name__=weir_frontier")) {
                assertEquals(everyFiveSeconds(values), values.navigableKeySet(), series);
            }
        });
    }

    private static Set<Long> everyFiveSeconds(NavigableMap<Long, Double> values) {
        TreeSet<Long> ends = new TreeSet<>();
        for (long end = values.firstKey(); end <= values.lastKey(); end += 5) {
            ends.add(end);
        }
        return ends;
    }
}
