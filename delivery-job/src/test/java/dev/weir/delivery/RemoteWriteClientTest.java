package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteWriteClientTest {
    private static final byte[] REQUEST =
            Requests.request(List.of(Requests.series(1, 1, "up"))).toByteArray();

    private final FakeReceiver receiver = new FakeReceiver(false, series -> false);
    private final Delivery delivery = new Delivery(receiver, Instant.EPOCH);

    @Test
    void triesAgainUntilTheReceiverHasIt() throws Exception {
        for (int status : new int[] {503, 500, 429, 401, 404, 301}) {
            receiver.script.add(() -> new Answer(status, "not now", null));
        }
        receiver.script.add(() -> {
            throw new IOException("connection refused");
        });
        receiver.script.add(() -> {
            throw new HttpTimeoutException("timed out");
        });
        assertEquals(
                new RemoteWriteClient.Outcome(AnswerClass.DELIVERED, "HTTP 204", true), delivery.client.post(REQUEST));
        assertEquals(1, receiver.requests.size());
        assertEquals(8, delivery.metrics.retries);
        assertEquals(3, delivery.metrics.misconfigured);
        assertEquals(8, delivery.waits.size());
        for (int i = 1; i < 6; i++) {
            assertTrue(delivery.waits.get(i).compareTo(delivery.waits.get(0)) > 0, delivery.waits.toString());
        }
    }

    @Test
    void outlastsAReceiverThatIsDownForTwentyMinutesAndSendsAllInOrderOnce() throws Exception {
        Delivery[] holder = new Delivery[1];
        Duration outage = Duration.ofMinutes(20);
        Delivery job = new Delivery(
                block -> {
                    if (holder[0].now.isBefore(Instant.EPOCH.plus(outage))) {
                        throw new java.net.ConnectException("connection refused");
                    }
                    return receiver.post(block);
                },
                Instant.EPOCH);
        holder[0] = job;
        for (int second = 1; second <= 100; second++) {
            job.bisection.deliver(List.of(
                    Requests.record(second, Requests.request(List.of(Requests.series(second * 1000L, 1, "up"))))));
        }
        assertEquals(100, receiver.requests.size());
        assertEquals(100, job.metrics.delivered);
        assertEquals(List.of(), job.deadLetters);
        // Waits of half to all of ten seconds, after those that lead up to it.
        assertTrue(job.metrics.retries >= 120 && job.metrics.retries < 260, job.metrics.retries + " tries");
    }

    @Test
    void waitsAsLongAsTheReceiverAsks() throws Exception {
        receiver.script.add(() -> new Answer(429, "", "7"));
        delivery.client.post(REQUEST);
        assertEquals(List.of(Duration.ofSeconds(7)), delivery.waits);
    }

    @Test
    void givesAFinalAnswerWithoutAnotherTry() throws Exception {
        receiver.script.add(() -> new Answer(400, "label  \"x\"\nis bad", null));
        assertEquals(
                new RemoteWriteClient.Outcome(AnswerClass.REJECTED, "HTTP 400: label \"x\" is bad", false),
                delivery.client.post(REQUEST));
        assertEquals(List.of(), delivery.waits);
    }

    @Test
    void stopsAtOnceWhenInterrupted() {
        receiver.script.add(() -> {
            throw new InterruptedException();
        });
        assertThrows(InterruptedException.class, () -> delivery.client.post(REQUEST));
        assertEquals(0, delivery.metrics.retries);
    }

    @Test
    void cutsLongAnswersShort() {
        assertEquals(
                300 + "HTTP 400: ".length(),
                new Answer(400, "x".repeat(5000), null).describe().length());
    }
}
