package dev.weir.ingest.scrape;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.ScrapeProtocol;
import dev.weir.ingest.discovery.Target;
import dev.weir.ingest.http.UserAgent;
import dev.weir.ingest.scrape.ScrapeFailure.Refusal;
import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One scrape from its first byte to its result. Whoever ends it first (answer, failure or clock) decides the result. */
final class Attempt {
    /** A longer Content-Type says nothing that a page's may say. */
    static final int MAX_CONTENT_TYPE_CHARS = 512;

    private static final int MAX_REDIRECTS = 10;
    private static final int STATUS_OK = 200;

    private final Target target;
    private final ScrapeConfig config;
    private final Scraper scraper;
    private final long limitBytes;
    private final long startMs;
    private final CompletableFuture<ScrapeResult> result = new CompletableFuture<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Future<?> timeout;
    private volatile @Nullable Future<?> exchange;
    private volatile @Nullable BodyReceiver receiver;

    Attempt(Target target, ScrapeConfig config, Scraper scraper) {
        this.target = target;
        this.config = config;
        this.scraper = scraper;
        this.limitBytes = Scraper.bodyLimitBytes(config);
        this.startMs = scraper.clock().millis();
    }

    CompletableFuture<ScrapeResult> run() {
        try {
            timeout = scraper.timer().schedule(this::timeOut, target.timeoutMs(), TimeUnit.MILLISECONDS);
            // Reading credentials may block, and so must not be done by the timer's thread.
            scraper.executor().execute(() -> send(Scraper.uri(target), MAX_REDIRECTS));
        } catch (RejectedExecutionException e) {
            fail(ScrapeOutcome.FAILED, "the scraper is closed", null);
        }
        return result;
    }

    private void send(URI uri, int redirectsLeft) {
        if (ended.get()) {
            return;
        }
        try {
            CompletableFuture<HttpResponse<byte[]>> sent =
                    scraper.clients().client(config.http().tls()).sendAsync(request(uri), this::receive);
            exchange = sent;
            if (ended.get()) {
                sent.cancel(true);
            }
            var unused = sent.thenAccept(response -> answer(response, redirectsLeft))
                    .exceptionally(failure -> {
                        sendFailed(uri, failure);
                        return null;
                    });
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private HttpRequest request(URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .GET()
                .timeout(Scraper.timeout(target))
                .header("Accept", ScrapeProtocol.acceptHeader(config.scrapeProtocols()))
                .header("Accept-Encoding", config.enableCompression() ? "gzip" : "identity")
                .header("User-Agent", UserAgent.VALUE)
                .header("X-Prometheus-Scrape-Timeout-Seconds", Double.toString(target.timeoutMs() / 1000.0));
        // Credentials are for the target, not for whom it points to.
        if (sameOrigin(uri, Scraper.uri(target))) {
            String authorization = config.http().authorizationHeader();
            if (authorization != null) {
                request.header("Authorization", authorization);
            }
        }
        return request.build();
    }

    private HttpResponse.BodySubscriber<byte[]> receive(HttpResponse.ResponseInfo info) {
        if (info.statusCode() != STATUS_OK) {
            return new NoBody();
        }
        BodyReceiver made = new BodyReceiver(limitBytes, scraper.budget());
        receiver = made;
        if (info.headers().firstValueAsLong("Content-Length").orElse(0) > limitBytes) {
            made.discard(new Refusal(BodyReceiver.tooLarge(limitBytes)));
        }
        if (ended.get()) {
            made.discard(new Refusal("ended before the answer"));
        }
        return made;
    }

    private void answer(HttpResponse<byte[]> response, int redirectsLeft) {
        HttpHeaders headers = response.headers();
        int status = response.statusCode();
        if (status == STATUS_OK) {
            complete(response.body(), headers);
        } else if (status / 100 == 3
                && config.http().followRedirects()
                && headers.firstValue("Location").isPresent()) {
            redirect(response, headers.firstValue("Location").get(), redirectsLeft);
        } else {
            fail(ScrapeOutcome.FAILED, "status " + status + " (expected: 200)", dateMs(headers));
        }
    }

    private void redirect(HttpResponse<byte[]> response, String location, int redirectsLeft) {
        if (redirectsLeft == 0) {
            fail(ScrapeOutcome.FAILED, "more than " + MAX_REDIRECTS + " redirects", dateMs(response.headers()));
            return;
        }
        URI next;
        try {
            next = response.uri().resolve(location);
        } catch (IllegalArgumentException e) {
            fail(
                    ScrapeOutcome.FAILED,
                    "redirect to \"" + location + "\" (expected: a URL)",
                    dateMs(response.headers()));
            return;
        }
        boolean downgrade = "https".equals(response.uri().getScheme()) && "http".equals(next.getScheme());
        if (downgrade
                || next.getHost() == null
                || !("http".equals(next.getScheme()) || "https".equals(next.getScheme()))) {
            fail(
                    ScrapeOutcome.FAILED,
                    "redirect to " + next + " (expected: http or https, and not from https to http)",
                    dateMs(response.headers()));
            return;
        }
        send(next, redirectsLeft - 1);
    }

    private void complete(byte[] body, HttpHeaders headers) {
        BodyReceiver received = receiver;
        if (received == null || !received.claim()) {
            return;
        }
        String encoding =
                headers.firstValue("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        String contentType = headers.firstValue("Content-Type").orElse("");
        try {
            checkContentType(contentType);
            if (encoding.equals("identity")) {
                encoding = "";
            } else if (encoding.equals("gzip") || encoding.equals("x-gzip")) {
                encoding = "gzip";
                GzipCheck.check(body, limitBytes);
            } else if (!encoding.isEmpty()) {
                throw new Refusal("content encoding \"" + encoding + "\" (expected: gzip or none)");
            }
        } catch (Refusal e) {
            scraper.budget().giveBack(body.length);
            fail(e);
            return;
        }
        boolean first = end(new ScrapeResult(
                ScrapeOutcome.BODY,
                startMs,
                scraper.clock().millis(),
                null,
                contentType,
                encoding,
                ByteBuffer.wrap(body),
                dateMs(headers)));
        if (!first) {
            scraper.budget().giveBack(body.length);
        }
    }

    private static void checkContentType(String contentType) throws Refusal {
        if (contentType.length() > MAX_CONTENT_TYPE_CHARS) {
            throw new Refusal("content type of " + contentType.length() + " characters (expected: at most "
                    + MAX_CONTENT_TYPE_CHARS + ")");
        }
        if (contentType.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal("content type with control characters (expected: none)");
        }
    }

    private void timeOut() {
        fail(ScrapeOutcome.TIMED_OUT, "no complete answer in " + target.timeoutMs() + " ms", null);
        Future<?> running = exchange;
        if (running != null) {
            running.cancel(true);
        }
    }

    private void sendFailed(URI uri, Throwable thrown) {
        if (ended.get()) {
            return;
        }
        ScrapeFailure failure =
                ScrapeFailure.isUnclearConnectFailure(thrown) ? ConnectProbe.why(uri) : ScrapeFailure.of(thrown);
        if (failure.outcome() == ScrapeOutcome.TIMED_OUT) {
            // The client's clock and ours end an attempt at the same time.
            timeOut();
            return;
        }
        boolean elsewhere = !sameOrigin(uri, Scraper.uri(target));
        // Only the target's own refusal proves that the target is not there.
        boolean refused = failure.outcome() == ScrapeOutcome.REFUSED && !elsewhere;
        fail(
                refused || failure.outcome() != ScrapeOutcome.REFUSED ? failure.outcome() : ScrapeOutcome.FAILED,
                elsewhere ? "redirected to " + uri + ": " + failure.reason() : failure.reason(),
                null);
    }

    private void fail(Throwable thrown) {
        ScrapeFailure failure = ScrapeFailure.of(thrown);
        fail(failure.outcome(), failure.reason(), null);
    }

    private void fail(ScrapeOutcome outcome, String reason, @Nullable Long dateMs) {
        end(ScrapeResult.without(outcome, startMs, scraper.clock().millis(), reason, dateMs));
    }

    private boolean end(ScrapeResult value) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        Future<?> pending = timeout;
        if (pending != null) {
            pending.cancel(false);
        }
        BodyReceiver receiving = receiver;
        if (receiving != null && value.outcome() != ScrapeOutcome.BODY) {
            receiving.discard(new Refusal(String.valueOf(value.error())));
        }
        result.complete(value);
        return true;
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equals(b.getScheme()) && a.getAuthority().equals(b.getAuthority());
    }

    private static @Nullable Long dateMs(HttpHeaders headers) {
        String date = headers.firstValue("Date").orElse(null);
        if (date == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant()
                    .toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
