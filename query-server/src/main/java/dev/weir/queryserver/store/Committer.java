package dev.weir.queryserver.store;

import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that changes the store. It takes all requests that wait, checks each, writes the good ones to the log with
 * one force, makes them visible, and acknowledges them: the more requests come at once, the fewer forces each costs.
 */
final class Committer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MAX_GROUP = 64;
    private static final long IDLE_MILLIS = 1000;

    private record Pending(WriteBatch batch, CompletableFuture<Void> done) {}

    /** Ends a wait for requests. */
    private static final Pending WAKE_UP = new Pending(new WriteBatch(List.of(), List.of()), new CompletableFuture<>());

    private final SeriesTable table;
    private final SegmentedLog log;
    private final StoreOptions options;
    private final InstantSource clock;
    private final SeriesIds ids;
    private final Housekeeping housekeeping;
    private final BlockingQueue<Pending> queue;
    private final LongAdder samplesStored = new LongAdder();
    private final LongAdder samplesRepeated = new LongAdder();
    private final LongAdder logFailures = new LongAdder();
    private volatile long logBytes;
    private volatile boolean isClosing;
    private boolean isFailing;

    Committer(
            SeriesTable table,
            SegmentedLog log,
            StoreOptions options,
            InstantSource clock,
            SeriesIds ids,
            Housekeeping housekeeping) {
        this.table = table;
        this.log = log;
        this.options = options;
        this.clock = clock;
        this.ids = ids;
        this.housekeeping = housekeeping;
        this.queue = new ArrayBlockingQueue<>(options.maxPendingWrites());
        this.logBytes = log.totalBytes();
    }

    /** Completes when the request is durable and visible, or with the {@link WriteRejectedException} that says why not. */
    CompletableFuture<Void> submit(WriteBatch batch) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (isClosing) {
            done.completeExceptionally(new WriteRejectedException(Reason.UNAVAILABLE, "the store is closing"));
        } else if (!queue.offer(new Pending(batch, done))) {
            done.completeExceptionally(new WriteRejectedException(
                    Reason.UNAVAILABLE,
                    "too many write requests wait (expected: at most maxPendingWrites = " + options.maxPendingWrites()
                            + ")"));
        } else if (isClosing) {
            refuseAll();
        }
        return done;
    }

    /** What was submitted before is still committed. */
    void close() {
        isClosing = true;
        // Where there is no room for it, nobody waits.
        boolean unused = queue.offer(WAKE_UP);
    }

    int pendingWrites() {
        return queue.size();
    }

    long samplesStored() {
        return samplesStored.sum();
    }

    long samplesRepeated() {
        return samplesRepeated.sum();
    }

    long logFailures() {
        return logFailures.sum();
    }

    long logBytes() {
        return logBytes;
    }

    @Override
    public void run() {
        List<Pending> group = new ArrayList<>(MAX_GROUP);
        while (true) {
            try {
                Pending first = queue.poll(isClosing ? 0 : IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null && isClosing) {
                    break;
                }
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group, MAX_GROUP - 1);
                    group.remove(WAKE_UP);
                }
                if (!group.isEmpty()) {
                    commit(group);
                }
                housekeeping.run(clock.instant());
                logBytes = log.totalBytes();
            } catch (InterruptedException e) {
                isClosing = true;
            } catch (RuntimeException | Error e) {
                LOG.error("A group of {} write requests failed", group.size(), e);
                fail(group, "internal error: " + e);
            } finally {
                group.clear();
            }
        }
        refuseAll();
        log.close();
    }

    private void commit(List<Pending> group) {
        WriteStage stage = new WriteStage(table, options, ids);
        List<Pending> accepted = new ArrayList<>(group.size());
        try {
            ensureSegment();
            for (Pending pending : group) {
                if (stage(stage, pending)) {
                    accepted.add(pending);
                }
            }
            if (log.hasUnflushed()) {
                log.flush();
            }
        } catch (IOException e) {
            stage.discard();
            logFailed(e);
            fail(group, "the log cannot be written: " + e.getMessage());
            return;
        } catch (RuntimeException | Error e) {
            stage.discard();
            log.abandon();
            throw e;
        }
        if (isFailing) {
            isFailing = false;
            LOG.info("The log can be written again");
        }
        table.publish(stage.touched(), stage.news());
        table.followFrontiers(clock.millis());
        housekeeping.wrote(log.currentSegment(), stage.newestTimestampMs());
        samplesStored.add(stage.sampleCount());
        samplesRepeated.add(stage.duplicateCount());
        accepted.forEach(pending -> pending.done.complete(null));
    }

    private boolean stage(WriteStage stage, Pending pending) {
        try {
            byte[] record = stage.stage(pending.batch, log.currentSegment(), clock.instant());
            if (record != null) {
                log.append(record);
            }
            return true;
        } catch (WriteRejectedException e) {
            pending.done.completeExceptionally(e);
            return false;
        }
    }

    /** A segment begins with all metadata, since senders need not repeat it before the older segments go. */
    private void ensureSegment() throws IOException {
        if (log.isWritable() && log.currentSegmentBytes() < options.segmentBytes()) {
            return;
        }
        log.startSegment();
        RecordCodec metadata = new RecordCodec();
        table.allMetadata().forEach(metadata::add);
        if (!metadata.isEmpty()) {
            log.append(metadata.finish());
        }
    }

    private void logFailed(IOException e) {
        logFailures.increment();
        if (!isFailing) {
            isFailing = true;
            LOG.warn("The log cannot be written, senders are told to try again: {}", e.toString());
        }
    }

    private static void fail(List<Pending> group, String message) {
        for (Pending pending : group) {
            pending.done.completeExceptionally(new WriteRejectedException(Reason.UNAVAILABLE, message));
        }
    }

    private void refuseAll() {
        List<Pending> rest = new ArrayList<>();
        queue.drainTo(rest);
        fail(rest, "the store is closing");
    }
}
