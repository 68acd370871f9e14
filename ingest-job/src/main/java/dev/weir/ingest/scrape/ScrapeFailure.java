package dev.weir.ingest.scrape;

import dev.weir.schemas.ScrapeOutcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;

/** What an exception says about a scrape: the one place that decides between the outcomes without a body. */
record ScrapeFailure(ScrapeOutcome outcome, String reason) {
    private static final int MAX_CAUSES = 16;

    /** A failure that the scraper itself decided on; its message is the reason. */
    static final class Refusal extends IOException {
        Refusal(String reason) {
            super(reason);
        }
    }

    /** Whether {@code thrown} hides why there is no connection. */
    static boolean isUnclearConnectFailure(Throwable thrown) {
        boolean connecting = false;
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            connecting |= cause instanceof ConnectException;
            if (connecting && cause instanceof ClosedChannelException) {
                return true;
            }
        }
        return false;
    }

    static ScrapeFailure of(Throwable thrown) {
        Throwable failure = thrown;
        while ((failure instanceof CompletionException || failure instanceof ExecutionException)
                && failure.getCause() != null) {
            failure = failure.getCause();
        }
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof Refusal) {
                return new ScrapeFailure(ScrapeOutcome.FAILED, text(cause));
            }
            if (cause instanceof HttpTimeoutException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof CancellationException) {
                return new ScrapeFailure(ScrapeOutcome.TIMED_OUT, "no complete answer in time");
            }
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return new ScrapeFailure(ScrapeOutcome.FAILED, "host name does not resolve");
            }
            if (cause instanceof SSLException) {
                return new ScrapeFailure(ScrapeOutcome.FAILED, "TLS: " + text(cause));
            }
            // Only the system's own words prove that nobody listens.
            if (cause instanceof ConnectException && text(cause).contains("Connection refused")) {
                return new ScrapeFailure(ScrapeOutcome.REFUSED, "connection refused");
            }
        }
        return new ScrapeFailure(ScrapeOutcome.FAILED, text(failure));
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }
}
