package dev.weir.simulator.scenario;

import java.util.Locale;

/** What a process shows at a scrape: a small part of what vLLM does, in the text format. */
public final class ScenarioPage {
    /** The counter to look at; its {@code finished_reason} tells requests from failures. */
    public static final String COUNTER = "vllm:request_success_total";

    /** The requests again, as a histogram. */
    public static final String HISTOGRAM = "vllm:e2e_request_latency_seconds";

    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String LABELS = "engine=\"0\",model_name=\"llama\"";
    private static final String[] LE = {"0.5", "1.0", "2.5", "5.0", "10.0"};
    /** Of the requests, how many took at most that long. */
    private static final double[] SHARES = {0.21, 0.52, 0.83, 0.95, 0.99};

    private static final double MEAN_SECONDS = 1.75;
    private static final int TOKENS_PER_REQUEST = 150;

    private ScenarioPage() {}

    /** The {@code finished_reason} of the counter to look at. */
    public static String finishedReason(ChurnScenario scenario) {
        return scenario.failures() ? "abort" : "stop";
    }

    /**
     * The page of a scrape with a body.
     *
     * @param epochMs when the run began, ms since the epoch
     */
    public static String of(ChurnScenario scenario, ScenarioScrape scrape, long epochMs) {
        StringBuilder page = new StringBuilder(1_500);
        long start = epochMs + scrape.processStartMs();
        page.append("# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ")
                .append(String.format(Locale.ROOT, "%d.%03d\n", start / 1000, start % 1000));
        page.append("# TYPE vllm:num_requests_running gauge\nvllm:num_requests_running{" + LABELS + "} ")
                .append(scrape.requests() % 7)
                .append(".0\n");
        page.append("# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{" + LABELS + "} ")
                .append(scrape.requests() * TOKENS_PER_REQUEST)
                .append(".0\n");
        page.append("# TYPE " + COUNTER + " counter\n");
        success(page, "stop", scrape.requests());
        if (scenario.failures() && scrape.value() != ScenarioScrape.ABSENT) {
            success(page, "abort", scrape.value());
        }
        page.append("# TYPE " + HISTOGRAM + " histogram\n");
        for (int i = 0; i < LE.length; i++) {
            bucket(page, LE[i], (long) (scrape.requests() * SHARES[i]));
        }
        bucket(page, "+Inf", scrape.requests());
        page.append(HISTOGRAM + "_count{" + LABELS + "} ")
                .append(scrape.requests())
                .append(".0\n");
        page.append(HISTOGRAM + "_sum{" + LABELS + "} ")
                .append(scrape.requests() * MEAN_SECONDS)
                .append('\n');
        return page.toString();
    }

    private static void success(StringBuilder page, String reason, long value) {
        page.append(COUNTER + "{" + LABELS + ",finished_reason=\"")
                .append(reason)
                .append("\"} ")
                .append(value)
                .append(".0\n");
    }

    private static void bucket(StringBuilder page, String le, long value) {
        page.append(HISTOGRAM + "_bucket{" + LABELS + ",le=\"")
                .append(le)
                .append("\"} ")
                .append(value)
                .append(".0\n");
    }
}
