package dev.weir.benchmarks.ingest;

import dev.weir.simulator.engine.EngineProcess;
import dev.weir.simulator.engine.EngineStart;
import dev.weir.simulator.engine.Engines;
import dev.weir.simulator.load.LoadCurve;
import dev.weir.simulator.metric.Exposition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Successive pages of simulated vLLM pods that serve requests, as a scraper gets them. */
final class FleetPages {
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;
    private static final Duration FIRST_PAGE_AFTER = Duration.ofMinutes(5);
    private static final double REQUESTS_PER_SECOND = 4;

    private final byte[][][] pages;
    private final int samples;

    /**
     * @param pods how many pods
     * @param rounds how many pages of each
     * @param interval between two pages of a pod
     */
    FleetPages(int pods, int rounds, Duration interval) {
        this.pages = new byte[rounds][pods][];
        for (int pod = 0; pod < pods; pod++) {
            EngineProcess process = Engines.vllm(new EngineStart(
                    "llama-3.1-8b",
                    "chat",
                    "pod-" + pod,
                    1,
                    new LoadCurve(REQUESTS_PER_SECOND, 1, pod),
                    pod,
                    0,
                    EPOCH_MICROS,
                    0,
                    request -> {}));
            for (int round = 0; round < rounds; round++) {
                process.advanceTo((FIRST_PAGE_AFTER.toMillis() + round * interval.toMillis()) * 1000);
                pages[round][pod] = Exposition.PYTHON_TEXT.body(process.snapshot());
            }
        }
        int lines = 0;
        for (String line : new String(pages[0][0], StandardCharsets.UTF_8).split("\n")) {
            lines += line.startsWith("#") ? 0 : 1;
        }
        this.samples = lines;
    }

    int pods() {
        return pages[0].length;
    }

    int rounds() {
        return pages.length;
    }

    /** Samples of one page. */
    int samples() {
        return samples;
    }

    byte[] page(int pod, int round) {
        return pages[round][pod];
    }
}
