package dev.weir.aggregation.savepoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.configuration.StateBackend;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A savepoint that is kept with the code goes on under this version of it, in either backend. It was made of the first four
 * rounds of {@link KnownFleet}, whose last scrape is of second 70. A version that reads the older one's state keeps its savepoint
 * and adds its own; one that does not replaces it:
 *
 * <pre>mvn -pl aggregation-job -am test -Dtest=StoredSavepointTest#isMadeAnew -Dweir.savepoint=anew \
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Timeout(120)
class StoredSavepointTest {
    private static final String SAVEPOINT = "/savepoint/_metadata";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(StateBackend.class)
    void goesOnFromTheStoredSavepoint(StateBackend backend) throws Exception {
        URL savepoint = Objects.requireNonNull(StoredSavepointTest.class.getResource(SAVEPOINT), SAVEPOINT);
        Points points;
        try (SteppedJob job = new SteppedJob()) {
            points = job.finish(
                    backend, 2, Path.of(savepoint.toURI()).getParent().toUri().toString());
        }
        // Target 0's scrape of second 90 gains 10, of which two thirds are released by 100; target 3's of 96 gains 40,
        // of
        // which 4/15 are. Before: 5 times 10 and 5 times 40.
        assertEquals(50 + 7 + 200 + 11, points.at(100, "__name__=c_total", "pipeline_name=chat"));
        assertEquals(60 + 0 + 200 + 24, points.at(105, "__name__=c_total", "pipeline_name=chat"));
        assertEquals(60 + 3 + 200 + 37, points.at(110, "__name__=c_total", "pipeline_name=chat"));
        assertEquals(8 * 10 * (1 + 4), points.last("__name__=c_total", "pipeline_name=chat"));
        assertEquals(8 * 10 * (3 + 6), points.last("__name__=c_total", "pipeline_name=embed"));
        // Requests of seconds 3, 8 ... 98.
        assertEquals(20, points.at(100, "__name__=inference_requests_total", "source=requests"));
        assertEquals(20, points.at(100, "__name__=inference_request_duration_seconds", "source=requests"));
        // Native buckets of both targets: 3 observations a round.
        assertEquals(2 * 3 * 8, points.last("__name__=h", "pipeline_name=embed"));
        // Buckets, and the sketch that is made of them: 4 observations a round.
        String model = "model_name=m";
        assertEquals(
                2 * 2 * 8,
                points.last("__name__=vllm:time_to_first_token_seconds_bucket", "le=0.1", "pipeline_name=chat", model));
        assertEquals(
                2 * 4 * 8, points.last("__name__=inference_time_to_first_token_seconds", "pipeline_name=chat", model));
        // Gauges: each target's own, and their sum.
        assertEquals(5 + 3, points.at(100, "__name__=vllm:num_requests_running", "instance=i3"));
        assertEquals(5 + 0 + 5 + 3, points.at(100, "__name__=inference_requests_running", "pipeline_name=chat"));
    }

    /** Puts another savepoint in the place of the stored one; the command stands above. */
    @Test
    @EnabledIfSystemProperty(named = "weir.savepoint", matches = "anew")
    void isMadeAnew() throws Exception {
        try (SteppedJob job = new SteppedJob()) {
            String made = job.stepTo(4, StateBackend.HEAP, 1, null, folder);
            Path resources = Path.of(System.getProperty("weir.root"), "aggregation-job/src/test/resources");
            Files.copy(
                    Path.of(URI.create(made)).resolve("_metadata"),
                    Files.createDirectories(resources.resolve("savepoint")).resolve("_metadata"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
