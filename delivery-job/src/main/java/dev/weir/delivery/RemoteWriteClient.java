package dev.weir.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xerial.snappy.Snappy;

/**
 * Posts write requests to one receiver and returns only with a final answer: what the receiver cannot take now is tried
 * again for as long as it takes. One request is under way at a time. Not safe for use by several threads.
 */
final class RemoteWriteClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteWriteClient.class);

    private final String receiver;
    private final Transport transport;
    private final Backoff backoff;
    private final InstantSource clock;
    private final Pause pause;
    private final RandomGenerator random;
    private final DeliveryMetrics metrics;
    private final WarnSampler retryWarnings;
    private boolean failing;

    /** Times, chance and waiting of a client; fixed in tests. */
    record Surroundings(InstantSource clock, Pause pause, RandomGenerator random) {}

    RemoteWriteClient(
            String receiver, Transport transport, Backoff backoff, Surroundings surroundings, DeliveryMetrics metrics) {
        this.receiver = receiver;
        this.transport = transport;
        this.backoff = backoff;
        this.clock = surroundings.clock();
        this.pause = surroundings.pause();
        this.random = surroundings.random();
        this.metrics = metrics;
        this.retryWarnings = new WarnSampler(clock);
    }

    /**
     * A final answer.
     *
     * @param verdict none that {@linkplain AnswerClass#isRepeated() is repeated}
     * @param text what the receiver said
     * @param triedBefore whether an earlier try of this very request may have been taken in
     */
    record Outcome(AnswerClass verdict, String text, boolean triedBefore) {}

    /**
     * Posts {@code writeRequest}, uncompressed, until it has a final answer.
     *
     * @throws InterruptedException if the job is being cancelled
     */
    Outcome post(byte[] writeRequest) throws InterruptedException {
        byte[] block = compress(writeRequest);
        for (int failures = 0; ; ) {
            Answer answer = null;
            AnswerClass answerClass;
            String text;
            try {
                answer = transport.post(block);
                answerClass = answer.classify();
                text = answer.describe();
            } catch (IOException e) {
                answerClass = AnswerClass.RETRY;
                text = e.toString();
            }
            if (!answerClass.isRepeated()) {
                recovered();
                return new Outcome(answerClass, text, failures > 0);
            }
            failures++;
            waitBeforeNextTry(answerClass, text, failures, answer == null ? null : answer.retryAfter());
        }
    }

    @Override
    public void close() {
        transport.close();
    }

    private void waitBeforeNextTry(AnswerClass answerClass, String text, int failures, @Nullable String retryAfter)
            throws InterruptedException {
        metrics.retry(answerClass);
        failing = true;
        Duration wait = backoff.after(failures, retryAfter, clock.instant(), random);
        if (retryWarnings.permits()) {
            LOG.warn(
                    "receiver {}: {}, try {} in {} ms{}{}",
                    receiver,
                    text,
                    failures + 1,
                    wait.toMillis(),
                    answerClass == AnswerClass.MISCONFIGURED
                            ? "; nothing is lost, but nothing arrives until url, credentials or headers of this"
                                    + " remote_write entry are right"
                            : "",
                    retryWarnings.suffix());
        }
        pause.sleep(wait);
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("receiver {}: answers again", receiver);
        }
    }

    private static byte[] compress(byte[] bytes) {
        try {
            return Snappy.compress(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compress " + bytes.length + " bytes", e);
        }
    }
}
