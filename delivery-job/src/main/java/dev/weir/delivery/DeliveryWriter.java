package dev.weir.delivery;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
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
    /** Value of the oldest waiting record's time when none waits. */
    private static final long NONE = Long.MAX_VALUE;

    private final DeliveryOptions.Limits limits;
    private final Bisection bisection;
    private final ExternalLabels externalLabels;
    private final ProcessingTimeService time;
    private final Closeable resources;
    private final AtomicLong oldestWaitingMs;
    private final List<SeriesRecord> batch = new ArrayList<>();
    private long batchBytes;
    private @Nullable ScheduledFuture<?> timer;

    /** What a writer works with; {@code resources} are closed with it, {@code oldestWaitingMs} is written for a gauge. */
    record Parts(
            Bisection bisection,
            ExternalLabels externalLabels,
            ProcessingTimeService time,
            Closeable resources,
            AtomicLong oldestWaitingMs) {}

    DeliveryWriter(DeliveryOptions.Limits limits, Parts parts) {
        this.limits = limits;
        this.bisection = parts.bisection();
        this.externalLabels = parts.externalLabels();
        this.time = parts.time();
        this.resources = parts.resources();
        this.oldestWaitingMs = parts.oldestWaitingMs();
        oldestWaitingMs.set(NONE);
    }

    /** Milliseconds that the oldest waiting record has waited since it was appended; 0 if none waits. */
    static long lagMs(AtomicLong oldestWaitingMs, long nowMs) {
        long oldest = oldestWaitingMs.get();
        return oldest == NONE ? 0 : Math.max(0, nowMs - oldest);
    }

    @Override
    public void write(SeriesRecord record, Context context) throws IOException, InterruptedException {
        SeriesRecord labelled;
        try {
            RequestShape.of(record.value());
            labelled = externalLabels.addTo(record);
        } catch (InvalidProtocolBufferException e) {
            bisection.refuse(record, e);
            return;
        }
        int bytes = labelled.value().length;
        if (!batch.isEmpty() && batchBytes + bytes > limits.maxRequestBytes()) {
            deliver();
        }
        if (batch.isEmpty()) {
            oldestWaitingMs.set(record.appendTimeMs());
        }
        batch.add(labelled);
        batchBytes += bytes;
        if (batch.size() >= limits.maxRequestRecords() || batchBytes >= limits.maxRequestBytes()) {
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
        bisection.deliver(batch);
        batch.clear();
        batchBytes = 0;
        oldestWaitingMs.set(NONE);
    }
}
