package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.jspecify.annotations.Nullable;

/**
 * Gathers records into batches and delivers each before it takes the next record, so that the topic is the only queue.
 *
 * <p>A batch goes out when it is full, when its first record has waited for {@code linger}, and at each checkpoint, whose
 * offsets therefore name only what has an answer. A receiver that is down blocks the writer, interruptibly; checkpoints
 * wait meanwhile, and a restart sends again what was sent since the last one.
 */
final class DeliveryWriter implements SinkWriter<SeriesRecord> {
    private final DeliveryOptions.Limits limits;
    private final Bisection bisection;
    private final OutboundRecords outbound;
    private final Catchup catchup;
    private final ProcessingTimeService time;
    private final Closeable resources;
    private final Lag lag;
    private final List<SeriesRecord> batch = new ArrayList<>();
    private long batchBytes;
    private int batchSamples;
    private @Nullable ScheduledFuture<?> timer;

    /** What a writer works with; {@code resources} are closed with it, {@code lag} is written for a gauge. */
    record Parts(
            Bisection bisection,
            OutboundRecords outbound,
            Catchup catchup,
            ProcessingTimeService time,
            Closeable resources,
            Lag lag) {}

    DeliveryWriter(DeliveryOptions.Limits limits, Parts parts) {
        this.limits = limits;
        this.bisection = parts.bisection();
        this.outbound = parts.outbound();
        this.catchup = parts.catchup();
        this.time = parts.time();
        this.resources = parts.resources();
        this.lag = parts.lag();
    }

    @Override
    public void write(SeriesRecord record, Context context) throws IOException, InterruptedException {
        List<SeriesRecord> pieces;
        try {
            pieces = outbound.of(record);
        } catch (InvalidProtocolBufferException e) {
            bisection.refuse(record, e);
            return;
        }
        for (SeriesRecord piece : pieces) {
            add(piece);
        }
    }

    private void add(SeriesRecord piece) throws IOException, InterruptedException {
        int bytes = piece.value().length;
        int samples = RequestShape.of(piece.value()).samples();
        if (!batch.isEmpty()
                && (batchBytes + bytes > limits.maxRequestBytes()
                        || (long) batchSamples + samples > limits.maxRequestSamples())) {
            deliver();
        }
        if (batch.isEmpty()) {
            lag.waitsSince(piece.appendTimeMs());
        }
        batch.add(piece);
        batchBytes += bytes;
        batchSamples += samples;
        if (batch.size() >= limits.maxRequestRecords()
                || batchBytes >= limits.maxRequestBytes()
                || batchSamples >= limits.maxRequestSamples()) {
            deliver();
        } else {
            setTimer();
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        deliver();
    }

    @Override
    public void close() throws IOException {
        if (timer != null) {
            timer.cancel(false);
        }
        resources.close();
    }

    private void setTimer() {
        if (timer != null) {
            return;
        }
        timer = time.registerTimer(
                time.getCurrentProcessingTime() + limits.linger().toMillis(), firedAt -> {
                    timer = null;
                    deliver();
                });
    }

    private void deliver() throws IOException, InterruptedException {
        if (batch.isEmpty()) {
            return;
        }
        catchup.await(batch.get(0).appendTimeMs(), batchSamples);
        bisection.deliver(batch);
        long newestMs = batch.get(batch.size() - 1).appendTimeMs();
        catchup.delivered(newestMs, batchSamples);
        lag.deliveredUpTo(newestMs);
        batch.clear();
        batchBytes = 0;
        batchSamples = 0;
    }
}
