package dev.weir.aggregation.request;

/** What is counted of requests. */
enum RequestCounter {
    REQUESTS("inference_requests_total", "Finished requests, failed ones included."),
    ERRORS("inference_request_errors_total", "Requests that ended in an error."),
    INPUT_TOKENS("inference_input_tokens_total", "Tokens of prompts, cached ones included."),
    OUTPUT_TOKENS("inference_output_tokens_total", "Generated tokens."),
    CACHED_INPUT_TOKENS("inference_cached_input_tokens_total", "Tokens of prompts that a cache held already.");

    final String metricName;
    final String help;

    RequestCounter(String metricName, String help) {
        this.metricName = metricName;
        this.help = help;
    }

    /** What the request adds, or {@link RequestReport#UNKNOWN}. */
    long amount(RequestReport report) {
        return switch (this) {
            case REQUESTS -> 1;
            case ERRORS -> report.failed() ? 1 : 0;
            case INPUT_TOKENS -> report.inputTokens();
            case OUTPUT_TOKENS -> report.outputTokens();
            case CACHED_INPUT_TOKENS -> report.cachedInputTokens();
        };
    }
}
