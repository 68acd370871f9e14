package dev.weir.aggregation.operator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits as Kafka's committer does, and lets the job go on where the broker has given a transaction up: because it stayed
 * open for longer than {@code transaction.timeout.ms}, or because nothing was heard of its id for longer than
 * {@code transactional.id.expiration.ms}. No retry can bring it back, so a job that failed for it would fail for ever.
 *
 * <p>What is missing in the topic then is the results of one checkpoint interval. Series are cumulative, so totals and
 * later rates stay right; the points of that window are not there. Each is counted and logged as an error.
 */
final class GivenUpTransactions implements Committer<KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(GivenUpTransactions.class);

    private final Committer<KafkaCommittable> committer;
    private final Counter lost;

    GivenUpTransactions(Committer<KafkaCommittable> committer, Counter lost) {
        this.committer = committer;
        this.lost = lost;
    }

    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<CommitRequest<KafkaCommittable>> watched = new ArrayList<>();
        requests.forEach(request -> watched.add(new Watched(request)));
        committer.commit(watched);
    }

    @Override
    public void close() throws IOException {
        try {
            committer.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IOException("committer: cannot be closed", e);
        }
    }

    private static boolean isGivenUp(Throwable failure) {
        return failure instanceof InvalidPidMappingException || failure instanceof InvalidProducerEpochException;
    }

    /** A request whose failures are looked at before they are passed on. */
    private final class Watched implements CommitRequest<KafkaCommittable> {
        private final CommitRequest<KafkaCommittable> request;

        Watched(CommitRequest<KafkaCommittable> request) {
            this.request = request;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return request.getCommittable();
        }

        @Override
        public int getNumberOfRetries() {
            return request.getNumberOfRetries();
        }

        @Override
        public void signalFailedWithKnownReason(Throwable failure) {
            lost.inc();
            LOG.error(
                    "transaction {}: given up by the broker ({}); unless it was committed before, weir.series lacks the"
                            + " results of one checkpoint. The job was down for longer than its transaction.timeout.ms, which"
                            + " the broker's transaction.max.timeout.ms bounds",
                    request.getCommittable().getTransactionalId(),
                    failure.toString());
            request.signalFailedWithKnownReason(failure);
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable failure) {
            if (isGivenUp(failure)) {
                signalFailedWithKnownReason(failure);
            } else {
                request.signalFailedWithUnknownReason(failure);
            }
        }

        @Override
        public void retryLater() {
            request.retryLater();
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable other) {
            request.updateAndRetryLater(other);
        }

        @Override
        public void signalAlreadyCommitted() {
            request.signalAlreadyCommitted();
        }
    }
}
