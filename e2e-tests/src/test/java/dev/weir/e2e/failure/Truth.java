package dev.weir.e2e.failure;

import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the scrapes that count add up to, by rules that fit on this page: a scrape counts if it is newer than the target's
 * newest; a process counts with the most that was seen of it; one that tells no start counts from its first scrape on.
 */
final class Truth {
    static final String COUNTER = "vllm:request_success_total";
    static final String HISTOGRAM = "vllm:time_to_first_token_seconds";
    private static final String[] REASONS = {"stop", "length"};
    private static final String[] BOUNDS = {"0.1", "1.0", "+Inf"};

    /** Of one process or of all: requests by reason, observations by bucket (each single), their sum. */
    record Counts(double stopped, double cut, double fast, double slow, double slower, double seconds) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts other, int sign) {
            return new Counts(
                    stopped + sign * other.stopped,
                    cut + sign * other.cut,
                    fast + sign * other.fast,
                    slow + sign * other.slow,
                    slower + sign * other.slower,
                    seconds + sign * other.seconds);
        }
    }

    private final Map<Integer, Counts> byPipeline = new TreeMap<>();
    private final Map<Integer, Integer> requests = new TreeMap<>();
    private double unaccounted;
    private int taken;

    Target target() {
        return new Target();
    }

    void request(int pipeline) {
        requests.merge(pipeline, 1, Integer::sum);
    }

    /** How many scrapes count. */
    int taken() {
        return taken;
    }

    /** Present totals by series: the name and the labels that tell them apart. */
    Map<String, Double> totals() {
        Map<String, Double> totals = new TreeMap<>();
        byPipeline.forEach((pipeline, counts) -> {
            String of = " of p" + pipeline;
            totals.put(COUNTER + " " + REASONS[0] + of, counts.stopped);
            totals.put(COUNTER + " " + REASONS[1] + of, counts.cut);
            totals.put("inference_requests_total scrapes" + of, counts.stopped + counts.cut);
            totals.put(HISTOGRAM + "_bucket 0.1" + of, counts.fast);
            totals.put(HISTOGRAM + "_bucket 1.0" + of, counts.fast + counts.slow);
            double all = counts.fast + counts.slow + counts.slower;
            totals.put(HISTOGRAM + "_bucket Infinity" + of, all);
            totals.put(HISTOGRAM + "_count" + of, all);
            totals.put(HISTOGRAM + "_sum" + of, counts.seconds);
        });
        requests.forEach(
                (pipeline, count) -> totals.put("inference_requests_total requests of p" + pipeline, (double) count));
        totals.put("weir_unaccounted_increments_total", unaccounted);
        return totals;
    }

    /** Under which key of {@link #totals} a series counts; null if under none. */
    static @Nullable String key(Map<String, String> labels) {
        String name = labels.getOrDefault("__name__", "");
        String of = " of " + labels.get("pipeline_name");
        return switch (name) {
            case COUNTER -> name + " " + labels.get("finished_reason") + of;
            case "inference_requests_total" -> name + " " + labels.get("source") + of;
            case HISTOGRAM + "_bucket" -> {
                String bound = String.valueOf(labels.get("le")).replace("+Inf", "Infinity");
                yield name + " " + Double.parseDouble(bound) + of;
            }
            case HISTOGRAM + "_count", HISTOGRAM + "_sum" -> name + of;
            case "weir_unaccounted_increments_total" -> name;
            default -> null;
        };
    }

    /** One process of the fleet. */
    static final class Life {
        final int pipeline;
        final long startMs;
        final boolean tellsStart;
        private Counts counts = Counts.NONE;

        Life(int pipeline, long startMs, boolean tellsStart) {
            this.pipeline = pipeline;
            this.startMs = startMs;
            this.tellsStart = tellsStart;
        }

        void work(Random random) {
            counts = counts.plus(
                    new Counts(
                            random.nextInt(5),
                            random.nextInt(2),
                            random.nextInt(4),
                            random.nextInt(3),
                            random.nextInt(2),
                            random.nextInt(1_000) / 64.0),
                    1);
        }

        Counts counts() {
            return counts;
        }

        String page(Counts seen) {
            StringBuilder page = new StringBuilder();
            if (tellsStart) {
                page.append("# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ")
                        .append(String.format(Locale.ROOT, "%.3f", startMs / 1000.0))
                        .append('\n');
            }
            page.append("# TYPE ").append(COUNTER).append(" counter\n");
            line(page, COUNTER + "{finished_reason=\"stop\"}", seen.stopped);
            line(page, COUNTER + "{finished_reason=\"length\"}", seen.cut);
            page.append("# TYPE vllm:num_requests_running gauge\n");
            line(page, "vllm:num_requests_running", seen.stopped % 7);
            page.append("# TYPE ").append(HISTOGRAM).append(" histogram\n");
            double[] below = {seen.fast, seen.fast + seen.slow, seen.fast + seen.slow + seen.slower};
            for (int i = 0; i < below.length; i++) {
                line(page, HISTOGRAM + "_bucket{le=\"" + BOUNDS[i] + "\"}", below[i]);
            }
            line(page, HISTOGRAM + "_count", below[2]);
            line(page, HISTOGRAM + "_sum", seen.seconds);
            return page.toString();
        }

        private static void line(StringBuilder page, String series, double value) {
            page.append(series).append(' ').append(value).append('\n');
        }
    }

    /** What was seen of one target. */
    final class Target {
        private long newestMs = Long.MIN_VALUE;

        @Nullable
        private Life process;

        private Counts seen = Counts.NONE;

        /**
         * Takes a scrape in the order of arrival.
         *
         * @param followed whether it is the one scraper's; another's last word counts unless it is of a process before the one
         *     that was seen last
         * @return how long after its append it has an effect; 0 if it changes nothing
         */
        long take(long requestMs, Life of, Counts counts, boolean followed) {
            boolean isOlderProcess = process != null && of.startMs < process.startMs;
            if (followed ? requestMs <= newestMs : isOlderProcess) {
                return 0;
            }
            taken++;
            long sinceMs = newestMs == Long.MIN_VALUE ? of.startMs : newestMs;
            Counts before = process == of ? seen : Counts.NONE;
            if (process == null && !of.tellsStart) {
                Counts first = counts;
                unaccounted += first.stopped + first.cut + first.fast + first.slow + first.slower;
                byPipeline.merge(of.pipeline, Counts.NONE, (a, b) -> a.plus(b, 1));
            } else {
                byPipeline.merge(of.pipeline, counts.plus(before, -1), (a, b) -> a.plus(b, 1));
            }
            process = of;
            seen = counts;
            newestMs = followed ? requestMs : newestMs;
            return Math.max(1_000, requestMs - sinceMs) + 1;
        }
    }
}
