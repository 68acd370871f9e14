package dev.weir.benchmarks.fleet;

import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Pods that expose 66 series each, as vLLM names, labels and buckets them: three histograms (time to first token with 25
 * series, inter-token latency with 22, tokens of an iteration with 16) and three counters. A hundred pods make 6,600
 * series, 2,300 of which are buckets of the time to first token. Bounds are those of vLLM's own {@code buckets.py} and
 * {@code loggers.py} of 2026. Every scrape sees some requests finish, so that counters grow by whole numbers at an uneven
 * pace; one pod in twenty restarts half way. Equal arguments give equal fleets.
 */
public final class VllmFleet {
    public static final int SERIES_PER_POD = 66;

    private static final int MODELS = 5;
    private static final int PODS_PER_RESTART = 20;
    private static final double REQUESTS_PER_SCRAPE = 20;
    private static final double[] TIME_TO_FIRST_TOKEN = {
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560
    };
    private static final double[] INTER_TOKEN_LATENCY = {
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
    };
    private static final double[] ITERATION_TOKENS = {1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384};

    private VllmFleet() {}

    /** All series of {@code pods} pods over {@code scrapes} scrapes. */
    public static List<FleetSeries> series(int pods, int scrapes) {
        List<FleetSeries> all = new ArrayList<>(pods * SERIES_PER_POD);
        for (int i = 0; i < pods; i++) {
            all.addAll(new Pod(i, scrapes).series());
        }
        return all;
    }

    private static final class Pod {
        private final Random random;
        private final Labels target;
        private final int scrapes;
        private final int restartsAt;
        private final double pace;

        Pod(int index, int scrapes) {
            this.random = new Random(index);
            this.scrapes = scrapes;
            this.restartsAt = index % PODS_PER_RESTART == 0 ? scrapes / 2 : -1;
            this.pace = 0.5 + random.nextDouble();
            this.target = Labels.of(
                    "engine",
                    "0",
                    "instance",
                    "10.0." + index / 250 + "." + (index % 250 + 1) + ":8000",
                    "job",
                    "vllm",
                    "model_name",
                    "model-" + index % MODELS,
                    "namespace",
                    "inference",
                    "pod",
                    "vllm-" + index % MODELS + "-" + Integer.toHexString(0x5eed00 + index));
        }

        List<FleetSeries> series() {
            Histogram firstToken = new Histogram("vllm:time_to_first_token_seconds", TIME_TO_FIRST_TOKEN);
            Histogram nextTokens = new Histogram("vllm:inter_token_latency_seconds", INTER_TOKEN_LATENCY);
            Histogram iterations = new Histogram("vllm:iteration_tokens_total", ITERATION_TOKENS);
            FleetSeries prompt = counter("vllm:prompt_tokens_total");
            FleetSeries generation = counter("vllm:generation_tokens_total");
            FleetSeries success = counter("vllm:request_success_total", "finished_reason", "stop");
            for (int i = 0; i < scrapes; i++) {
                boolean goesOn = i > 0 && i != restartsAt;
                List.of(firstToken, nextTokens, iterations).forEach(h -> h.begin(goesOn));
                long promptTokens = 0;
                long generatedTokens = 0;
                int requests = (int) Math.max(0, REQUESTS_PER_SCRAPE * pace * (1 + 0.5 * random.nextGaussian()));
                for (int r = 0; r < requests; r++) {
                    promptTokens += (long) logNormal(600, 1.0);
                    int generated = (int) logNormal(200, 0.8) + 1;
                    generatedTokens += generated;
                    firstToken.observe(logNormal(0.15, 0.9), 1);
                    nextTokens.observe(logNormal(0.03, 0.4), generated - 1);
                    iterations.observe(logNormal(300, 1.2), generated / 8 + 1);
                }
                grow(prompt, i, goesOn, promptTokens);
                grow(generation, i, goesOn, generatedTokens);
                grow(success, i, goesOn, requests);
                firstToken.end(i);
                nextTokens.end(i);
                iterations.end(i);
            }
            List<FleetSeries> all = new ArrayList<>(SERIES_PER_POD);
            all.addAll(firstToken.series);
            all.addAll(nextTokens.series);
            all.addAll(iterations.series);
            all.addAll(List.of(prompt, generation, success));
            return all;
        }

        private double logNormal(double median, double sigma) {
            return median * Math.exp(sigma * random.nextGaussian());
        }

        private static void grow(FleetSeries counter, int scrape, boolean goesOn, long increment) {
            counter.values()[scrape] = (goesOn ? counter.values()[scrape - 1] : 0) + increment;
        }

        private FleetSeries counter(String name, String... more) {
            Labels.Builder labels = target.toBuilder().set(Labels.METRIC_NAME, name);
            for (int i = 0; i < more.length; i += 2) {
                labels.set(more[i], more[i + 1]);
            }
            return new FleetSeries(labels.build(), new double[scrapes]);
        }

        private final class Histogram {
            private final double[] bounds;
            private final long[] counts;
            private final List<FleetSeries> series = new ArrayList<>();
            private double sum;

            Histogram(String name, double[] bounds) {
                this.bounds = bounds;
                this.counts = new long[bounds.length + 1];
                for (double bound : bounds) {
                    series.add(counter(name + "_bucket", "le", Double.toString(bound)));
                }
                series.add(counter(name + "_bucket", "le", "+Inf"));
                series.add(counter(name + "_sum"));
                series.add(counter(name + "_count"));
            }

            void begin(boolean goesOn) {
                if (!goesOn) {
                    Arrays.fill(counts, 0);
                    sum = 0;
                }
            }

            void observe(double value, int times) {
                int bucket = 0;
                while (bucket < bounds.length && value > bounds[bucket]) {
                    bucket++;
                }
                counts[bucket] += times;
                sum += value * times;
            }

            void end(int scrape) {
                long total = 0;
                for (int i = 0; i < counts.length; i++) {
                    total += counts[i];
                    series.get(i).values()[scrape] = total;
                }
                series.get(counts.length).values()[scrape] = sum;
                series.get(counts.length + 1).values()[scrape] = total;
            }
        }
    }
}
