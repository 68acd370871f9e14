package dev.weir.ingest.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weir.schemas.ScrapeOutcome;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScrapeFailureTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new ConnectException("Connection refused"), ScrapeOutcome.REFUSED, "connection refused"),
                arguments(
                        new ConnectException("Network is unreachable"), ScrapeOutcome.FAILED, "Network is unreachable"),
                arguments(new ConnectException(), ScrapeOutcome.FAILED, "ConnectException"),
                arguments(new NoRouteToHostException("No route to host"), ScrapeOutcome.FAILED, "No route to host"),
                arguments(
                        causedBy(new ConnectException(), new UnresolvedAddressException()),
                        ScrapeOutcome.FAILED,
                        "host name does not resolve"),
                arguments(new UnknownHostException("h"), ScrapeOutcome.FAILED, "host name does not resolve"),
                arguments(new HttpTimeoutException("t"), ScrapeOutcome.TIMED_OUT, "no complete answer in time"),
                arguments(new HttpConnectTimeoutException("t"), ScrapeOutcome.TIMED_OUT, "no complete answer in time"),
                arguments(new SocketTimeoutException("t"), ScrapeOutcome.TIMED_OUT, "no complete answer in time"),
                arguments(new CancellationException(), ScrapeOutcome.TIMED_OUT, "no complete answer in time"),
                arguments(new SSLHandshakeException("bad name"), ScrapeOutcome.FAILED, "TLS: bad name"),
                arguments(new EOFException("EOF reached"), ScrapeOutcome.FAILED, "EOF reached"),
                arguments(new IOException("Connection reset"), ScrapeOutcome.FAILED, "Connection reset"),
                arguments(new IllegalStateException(), ScrapeOutcome.FAILED, "IllegalStateException"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasOneOutcomeHoweverItIsWrapped(Throwable failure, ScrapeOutcome outcome, String reason) {
        assertEquals(new ScrapeFailure(outcome, reason), ScrapeFailure.of(failure));
        assertEquals(new ScrapeFailure(outcome, reason), ScrapeFailure.of(new CompletionException(failure)));
    }

    @Test
    void hiddenConnectFailureIsToldFromAClearOne() {
        Throwable hidden = causedBy(new ConnectException(), new ClosedChannelException());
        assertTrue(ScrapeFailure.isUnclearConnectFailure(new CompletionException(hidden)));
        assertFalse(ScrapeFailure.isUnclearConnectFailure(new ConnectException("Connection refused")));
        assertFalse(ScrapeFailure.isUnclearConnectFailure(new ClosedChannelException()));
    }

    private static Throwable causedBy(Throwable failure, Throwable cause) {
        return failure.initCause(cause);
    }
}
