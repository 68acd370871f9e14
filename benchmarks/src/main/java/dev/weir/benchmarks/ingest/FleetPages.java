package dev.weir.benchmarks.ingest;

import dev.weir.simulator.engine.EngineProcess;
import dev.weir.simulator.engine.EngineStart;
import dev.weir.simulator.engine.Engines;
import dev.weir.simulator.load.LoadCurve;
import dev.weir.simulator.metric.Exposition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * Successive pages of simulated vLLM pods that serve requests, as a scraper gets them. A pod of one rank exposes 567 series,
 * one of two ranks 1,076.
 */
final class FleetPages {
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;
    private static final Duration FIRST_PAGE_AFTER = Duration.ofMinutes(5);
    private static final double REQUESTS_PER_SECOND = 4;
    /** Percentage of pods with two ranks that makes 776 samples the mean. */
    static final int MIXED = 41;
    /** Pods of one rank only. */
    static final int SINGLE_RANK = 0;

    private final byte[][][] pages;
    private final double samples;

    /**
     * @param pods how many pods
     * @param rounds how many pages of each
     * @param interval between two pages of a pod
     * @param percentOfTwoRanks how many of a hundred pods have two ranks
     */
    FleetPages(int pods, int rounds, Duration interval, int percentOfTwoRanks) {
        this.pages = new byte[rounds][pods][];
        for (int pod = 0; pod < pods; pod++) {
            EngineProcess process = Engines.vllm(new EngineStart(
                    "llama-3.1-8b",
                    "chat",
                    "pod-" + pod,
                    ranks(pod, percentOfTwoRanks),
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
        this.samples =
                Arrays.stream(pages[0]).mapToInt(FleetPages::samples).average().orElse(0);
    }

    /** Spread evenly, so that any groups of pods are alike. */
    private static int ranks(int pod, int percentOfTwo) {
        return pod * percentOfTwo % 100 < percentOfTwo ? 2 : 1;
    }

    private static int samples(byte[] page) {
        return (int) new String(page, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .count();
    }

    int pods() {
        return pages[0].length;
    }

    int rounds() {
        return pages.length;
    }

    /** Samples of a page, on average. */
    double samples() {
        return samples;
    }

    /** Size of a page, on average. */
    double bytes() {
        return Arrays.stream(pages[0]).mapToInt(page -> page.length).average().orElse(0);
    }

    byte[] page(int pod, int round) {
        return pages[round][pod];
    }
}
