package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.delivery.RemoteWriteClient.Outcome;
import dev.weir.schemas.DeadLetter;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers batches of records so that each series of each record ends in exactly one of three places: the receiver took
 * it in, the receiver had it already or no longer wants it, or it is a dead letter.
 *
 * <p>A batch is posted as one request. If the receiver refuses it, the batch is halved, by records and then by
 * {@linkplain SeriesUnits units}, always the earlier half first, until what is refused is a single unit. A refusal costs
 * at most {@code 2 log2(records * units)} further requests for each unit that is refused.
 *
 * <p>"Duplicate" and "out of order" count as delivered for what may have been sent before: records that stood in the
 * topic before this attempt of the job began, and requests of which an earlier try went without an answer. Since a
 * receiver may take in nothing of a request that holds one old sample (Prometheus rolls it back), such an answer to a
 * batch is not believed for all of it: it is asked again record by record. "Too old" is treated alike but counted apart:
 * it is a re-send, or a back-fill of a store that keeps less than the topic does, and nothing waits for it.
 *
 * <p>A receiver that takes no native histograms gets the rest of each record; what is held back is counted, and after
 * {@link #NATIVE_HISTOGRAMS_AGAIN} it is asked again.
 *
 * <p>Known weakness: where an answer is lost, or the process dies before the dead letter of a bad series, and the receiver
 * took in the rest of that request (Mimir), the re-send cannot tell the bad series from the old ones: it has no dead letter
 * and is counted as delivered already.
 */
final class Bisection {
    /** How long to believe a receiver that says it takes no native histograms. */
    static final Duration NATIVE_HISTOGRAMS_AGAIN = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(Bisection.class);

    private final String receiver;
    private final RemoteWriteClient client;
    private final DeadLetters deadLetters;
    private final DeliveryMetrics metrics;
    /** Records appended before this may have been delivered by an earlier attempt of the job. */
    private final long resentBeforeMs;

    private final InstantSource clock;
    private final WarnSampler warnings;
    private final WarnSampler tooOldWarnings;
    private Instant withoutNativeHistogramsUntil = Instant.MIN;

    Bisection(
            String receiver,
            RemoteWriteClient client,
            DeadLetters deadLetters,
            DeliveryMetrics metrics,
            Instant resentBefore,
            InstantSource clock) {
        this.receiver = receiver;
        this.client = client;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.resentBeforeMs = resentBefore.toEpochMilli();
        this.clock = clock;
        this.warnings = new WarnSampler(clock);
        this.tooOldWarnings = new WarnSampler(clock);
    }

    /** Delivers the records, in order, as far as the receiver takes them. */
    void deliver(List<SeriesRecord> records) throws IOException, InterruptedException {
        if (clock.instant().isBefore(withoutNativeHistogramsUntil)) {
            deliverWithoutNativeHistograms(records, false);
        } else {
            deliver(records, false);
        }
    }

    private void deliverWithoutNativeHistograms(List<SeriesRecord> records, boolean postedBefore)
            throws IOException, InterruptedException {
        List<SeriesRecord> others = new ArrayList<>();
        for (SeriesRecord record : records) {
            WriteRequest all = WriteRequest.parseFrom(record.value());
            WriteRequest other = SeriesUnits.withoutNativeHistograms(all);
            metrics.withheld(
                    Withheld.NATIVE_HISTOGRAM_REFUSED, RequestShape.samplesOf(all) - RequestShape.samplesOf(other));
            if (other.getTimeseriesCount() > 0) {
                others.add(record.withValue(other.toByteArray()));
            }
        }
        if (!others.isEmpty()) {
            deliver(others, postedBefore);
        }
    }

    private void noteNativeHistogramsRefused(Outcome outcome) {
        withoutNativeHistogramsUntil = clock.instant().plus(NATIVE_HISTOGRAMS_AGAIN);
        LOG.warn(
                "receiver {}: {}; native histograms are held back, and sent again in {}",
                receiver,
                outcome.text(),
                NATIVE_HISTOGRAMS_AGAIN);
    }

    private void deliver(List<SeriesRecord> records, boolean postedBefore) throws IOException, InterruptedException {
        Outcome outcome = post(concatenate(records));
        if (outcome.verdict() == AnswerClass.DELIVERED) {
            metrics.delivered(samplesOf(records));
            return;
        }
        if (outcome.verdict() == AnswerClass.NO_NATIVE_HISTOGRAMS
                && SeriesUnits.hasNativeHistograms(concatenate(records))) {
            noteNativeHistogramsRefused(outcome);
            deliverWithoutNativeHistograms(records, postedBefore || outcome.triedBefore());
            return;
        }
        // Of a request that it refuses, or whose answer was lost, the receiver may have taken in a part or all.
        boolean mayHaveSome = postedBefore
                || outcome.triedBefore()
                || outcome.verdict() == AnswerClass.REJECTED
                || records.stream().anyMatch(record -> record.appendTimeMs() < resentBeforeMs);
        if (records.size() > 1) {
            int half = records.size() / 2;
            deliver(records.subList(0, half), mayHaveSome);
            deliver(records.subList(half, records.size()), mayHaveSome);
        } else {
            deliverUnits(records.get(0), outcome, mayHaveSome);
        }
    }

    /** Sends a record that is no write request to the dead letters. */
    void refuse(SeriesRecord record, InvalidProtocolBufferException reason) throws IOException, InterruptedException {
        deadLetter(record, record.value(), "no remote-write request: " + reason.getMessage(), 0);
    }

    private void deliverUnits(SeriesRecord record, Outcome outcome, boolean sentBefore)
            throws IOException, InterruptedException {
        List<WriteRequest> units;
        try {
            units = SeriesUnits.of(record.value());
        } catch (InvalidProtocolBufferException e) {
            refuse(record, e);
            return;
        }
        if (units.isEmpty()) {
            deadLetter(record, record.value(), outcome.text(), 0);
            return;
        }
        if (units.size() == 1) {
            settle(new Part(record, units, sentBefore), outcome);
        } else if (isBehind(outcome) && sentBefore) {
            // Parts are posted in order, so if the receiver has the last one it has them all. And all are of one
            // window,
            // so if the last one is too old they all are; at the edge of what the receiver keeps, that gives up a
            // window.
            int last = units.size() - 1;
            AnswerClass end = deliverPart(new Part(record, units.subList(last, units.size()), true));
            if (end == AnswerClass.DUPLICATE || end == AnswerClass.TOO_OLD) {
                countBehind(end, SeriesUnits.merge(units.subList(0, last)));
            } else {
                deliverHalves(new Part(record, units.subList(0, last), true));
            }
        } else {
            deliverHalves(new Part(record, units, sentBefore));
        }
    }

    /** Some units of one record; {@code sentBefore} if the receiver may have taken them in already. */
    private record Part(SeriesRecord record, List<WriteRequest> units, boolean sentBefore) {
        Part range(int from, int to) {
            return new Part(record, units.subList(from, to), sentBefore);
        }
    }

    private void deliverHalves(Part part) throws IOException, InterruptedException {
        int size = part.units().size();
        if (size == 1) {
            deliverPart(part);
        } else {
            deliverPart(part.range(0, size / 2));
            deliverPart(part.range(size / 2, size));
        }
    }

    /** Delivers the part; how it ended if it is a single unit, as {@link #settle} says. */
    private AnswerClass deliverPart(Part part) throws IOException, InterruptedException {
        byte[] request = SeriesUnits.merge(part.units());
        Outcome outcome = post(request);
        if (outcome.verdict() == AnswerClass.DELIVERED) {
            metrics.delivered(samplesOf(request));
            return AnswerClass.DELIVERED;
        }
        if (part.units().size() > 1) {
            deliverHalves(new Part(part.record(), part.units(), part.sentBefore() || outcome.triedBefore()));
            return AnswerClass.DELIVERED;
        }
        return settle(part, outcome);
    }

    /**
     * Ends a single unit that was not taken in: DUPLICATE or TOO_OLD if it may have been sent before and the receiver says
     * so, NO_NATIVE_HISTOGRAMS if it is one and the receiver takes none, else REJECTED, and a dead letter.
     */
    private AnswerClass settle(Part part, Outcome outcome) throws IOException, InterruptedException {
        WriteRequest unit = part.units().get(0);
        byte[] request = unit.toByteArray();
        if (outcome.verdict() == AnswerClass.NO_NATIVE_HISTOGRAMS && SeriesUnits.hasNativeHistograms(request)) {
            noteNativeHistogramsRefused(outcome);
            metrics.withheld(Withheld.NATIVE_HISTOGRAM_REFUSED, samplesOf(request));
            return AnswerClass.NO_NATIVE_HISTOGRAMS;
        }
        if (isBehind(outcome) && (part.sentBefore() || outcome.triedBefore())) {
            countBehind(outcome.verdict(), request);
            if (outcome.verdict() == AnswerClass.TOO_OLD && tooOldWarnings.permits()) {
                LOG.warn(
                        "{}: passed over, receiver {}: {}{}",
                        part.record().place(),
                        receiver,
                        outcome.text(),
                        tooOldWarnings.suffix());
            }
            return outcome.verdict();
        }
        deadLetter(part.record(), request, outcome.text() + " for " + SeriesUnits.describe(unit), samplesOf(request));
        return AnswerClass.REJECTED;
    }

    private static boolean isBehind(Outcome outcome) {
        return outcome.verdict() == AnswerClass.DUPLICATE || outcome.verdict() == AnswerClass.TOO_OLD;
    }

    private void countBehind(AnswerClass verdict, byte[] request) throws InvalidProtocolBufferException {
        if (verdict == AnswerClass.TOO_OLD) {
            metrics.tooOld(samplesOf(request));
        } else {
            metrics.alreadyDelivered(samplesOf(request));
        }
    }

    private Outcome post(byte[] request) throws InterruptedException {
        metrics.request(request.length);
        return client.post(request);
    }

    private void deadLetter(SeriesRecord record, byte[] value, String reason, int samples)
            throws IOException, InterruptedException {
        String text = "receiver " + receiver + ": " + reason;
        deadLetters.add(new DeadLetter(
                text,
                record.topic(),
                record.partition(),
                record.offset(),
                record.appendTimeMs(),
                buffer(record.key()),
                ByteBuffer.wrap(value)));
        metrics.deadLettered(samples);
        if (warnings.permits()) {
            LOG.warn("{}: dead letter, {}{}", record.place(), text, warnings.suffix());
        }
    }

    @SuppressWarnings("NullAway") // Avro's generated constructor takes null for a null of the schema.
    private static ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static byte[] concatenate(List<SeriesRecord> records) {
        if (records.size() == 1) {
            return records.get(0).value();
        }
        int bytes = records.stream().mapToInt(record -> record.value().length).sum();
        ByteArrayOutputStream all = new ByteArrayOutputStream(bytes);
        // Protobuf reads concatenated messages as their merge, so nothing has to be decoded.
        records.forEach(record -> all.writeBytes(record.value()));
        return all.toByteArray();
    }

    private static int samplesOf(List<SeriesRecord> records) throws InvalidProtocolBufferException {
        int samples = 0;
        for (SeriesRecord record : records) {
            samples += samplesOf(record.value());
        }
        return samples;
    }

    private static int samplesOf(byte[] request) throws InvalidProtocolBufferException {
        return RequestShape.of(request).samples();
    }
}
