package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Params;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of a pushed page; one that is not known is an error, since it may be a label that lacks its prefix. */
record PushParams(Params params, long nowMs) {
    /** Who tells pages that nobody is named for; the same on every server, since it may be any of them. */
    private static final String SCRAPER = "push";

    private static final Set<String> KNOWN = Set.of("job", "instance", "url", "final", "at", "interval", "scraper");
    private static final String LABEL = "label.";
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}(\\.[0-9]{1,9})?");
    private static final long DEFAULT_INTERVAL_MS = 15_000;
    private static final long MAX_INTERVAL_MS = Duration.ofDays(1).toMillis();
    private static final long MAX_CLOCK_ERROR_MS = Duration.ofHours(1).toMillis();

    /** What is scraped, as the ingest job would name it. */
    record Target(String job, String url, String instance) {}

    Target target() throws ApiException {
        for (String name : params.names()) {
            if (!KNOWN.contains(name) && !name.startsWith(LABEL)) {
                throw ApiException.badParameter(
                        name, "unknown (expected: job, instance, url, final, at, interval, scraper or label.NAME)");
            }
        }
        String job = required("job", "the job of the target, as scrape_configs name it");
        String url = params.get("url");
        String instance = params.get("instance");
        if (url.isEmpty()) {
            instance = required("instance", "host:port of the target, unless url is given");
            url = "http://" + instance + "/metrics";
        }
        String authority = authority(url, params.get("url").isEmpty() ? "instance" : "url");
        return new Target(job, url, instance.isEmpty() ? authority : instance);
    }

    boolean isFinal() throws ApiException {
        String text = params.get("final");
        return switch (text) {
            case "true" -> true;
            case "", "false" -> false;
            default -> throw ApiException.badParameter("final", "\"" + shown(text) + "\" (expected: true or false)");
        };
    }

    /** When the page was read, by the clock of whoever read it; {@code receivedMs} if that is not told. */
    long atMs(long receivedMs) throws ApiException {
        String text = params.get("at");
        if (text.isEmpty()) {
            return receivedMs;
        }
        if (!SECONDS.matcher(text).matches()) {
            throw ApiException.badParameter("at", "\"" + shown(text) + "\" (expected: seconds since 1970)");
        }
        long atMs = Math.round(Double.parseDouble(text) * 1_000);
        if (Math.abs(atMs - nowMs) > MAX_CLOCK_ERROR_MS) {
            throw ApiException.badParameter("at", text + " (expected: within an hour of " + nowMs / 1_000 + ")");
        }
        return atMs;
    }

    long intervalMs() throws ApiException {
        String text = params.get("interval");
        if (text.isEmpty()) {
            return DEFAULT_INTERVAL_MS;
        }
        Matcher duration = DURATION.matcher(text);
        if (duration.matches()) {
            long number = Long.parseLong(duration.group(1));
            long intervalMs = number
                    * switch (duration.group(2)) {
                        case "ms" -> 1;
                        case "s" -> 1_000;
                        case "m" -> 60_000;
                        default -> 3_600_000;
                    };
            if (intervalMs > 0 && intervalMs <= MAX_INTERVAL_MS) {
                return intervalMs;
            }
        }
        throw ApiException.badParameter(
                "interval", "\"" + shown(text) + "\" (expected: a duration such as 15s, at most 24h)");
    }

    String scraper() {
        String text = params.get("scraper");
        return text.isEmpty() ? SCRAPER : text;
    }

    private String required(String name, String what) throws ApiException {
        String value = params.get(name);
        if (value.isEmpty()) {
            throw ApiException.badParameter(name, "missing (expected: " + what + ")");
        }
        return value;
    }

    private static String authority(String url, String parameter) throws ApiException {
        try {
            URI uri = new URI(url);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri.getAuthority();
            }
        } catch (URISyntaxException e) {
            throw ApiException.badParameter(parameter, "\"" + shown(url) + "\": " + shown(e.getReason()));
        }
        throw ApiException.badParameter(
                parameter, "\"" + shown(url) + "\" (expected: of the form http://10.0.0.1:8000/metrics)");
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "...";
    }
}
