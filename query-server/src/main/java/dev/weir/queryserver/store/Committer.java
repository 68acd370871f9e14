package dev.weir.queryserver.store;

import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
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

    /** A flush by size waits until an average series has this many samples, for a block of less is mostly index. */
    private static final int LEAST_SAMPLES = 8;

    /** By as much the log may be larger than it should for that. */
    private static final int MAX_PATIENCE = 8;

    /** A log of more samples is long however few bytes they take, since a start reads each of them. */
    private static final long MAX_LOG_SAMPLES = 8_000_000;

    private record Pending(WriteBatch batch, CompletableFuture<Void> done) {}

    /** Ends a wait for requests. */
    private static final Pending WAKE_UP = new Pending(WriteBatch.of(List.of(), List.of()), new CompletableFuture<>());

    private final SeriesTable table;
    private final SegmentedLog log;
    private final StoreOptions options;
    private final InstantSource clock;
    private final SeriesIds ids;
    private final RecordCodec codec = new RecordCodec();
    private final BlockingQueue<Pending> queue;
    private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
    private final LongAdder samplesStored = new LongAdder();
    private final LongAdder samplesRepeated = new LongAdder();
    private final LongAdder logFailures = new LongAdder();
    private volatile long logBytes;
    private volatile boolean isClosing;
    private boolean isFailing;
    private int epoch;
    private boolean needsSegment;
    private final AtomicLong samplesInEpoch = new AtomicLong();
    private volatile @Nullable Instant epochStart;
    private volatile boolean hasEnded;

    /**
     * A moment between two commits.
     *
     * @param commit the newest commit before it, held open
     * @param segment the log holds what came before in segments up to this one
     * @param epoch the stretch of the log that ended
     * @param series every series in memory
     */
    record Cut(long commit, long segment, int epoch, List<MemorySeries> series) {}

    /** What is called on the committing thread. */
    @FunctionalInterface
    interface Task<T> {
        T call() throws IOException;
    }

    Committer(SeriesTable table, SegmentedLog log, StoreOptions options, InstantSource clock, SeriesIds ids) {
        this.table = table;
        this.log = log;
        this.options = options;
        this.clock = clock;
        this.ids = ids;
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

    /** Runs a task between two commits and waits for it. */
    <T> T call(Task<T> task) throws IOException {
        FutureTask<T> future = new FutureTask<>(task::call);
        tasks.add(future);
        boolean unused = queue.offer(WAKE_UP);
        try {
            while (true) {
                try {
                    return future.get(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (hasEnded && !future.isDone()) {
                        throw new IOException("the store is closed", e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("a task of the store failed: " + e.getCause(), e);
        }
    }

    /** Ends a stretch of the log. On the committing thread. */
    Cut cut() {
        needsSegment = true;
        samplesInEpoch.set(0);
        epochStart = null;
        List<MemorySeries> series = new ArrayList<>();
        table.forEachSeries(series::add);
        return new Cut(table.openForFlush(), log.currentSegment(), epoch++, series);
    }

    /** Deletes log segments up to this one, all of whose samples are in blocks. On the committing thread. */
    void forgetThrough(long segment) throws IOException {
        if (log.currentSegment() <= segment) {
            ensureSegment();
            if (log.hasUnflushed()) {
                log.flush();
            }
        }
        for (long one : log.segments()) {
            if (one <= segment) {
                log.delete(one);
            }
        }
        logBytes = log.totalBytes();
    }

    /** Whether what is in memory should move to a block. */
    boolean isFlushDue(Instant now) {
        Instant start = epochStart;
        if (start == null) {
            return false;
        }
        long samples = samplesInEpoch.get();
        boolean isLong = logBytes > options.maxLogBytes() || samples > MAX_LOG_SAMPLES;
        boolean isWorthwhile = samples > LEAST_SAMPLES * table.seriesCount();
        return (isLong && isWorthwhile)
                || logBytes > MAX_PATIENCE * options.maxLogBytes()
                || table.chunkBytes() > options.maxChunkBytes() / 2
                || Duration.between(start, now).abs().compareTo(options.maxHeadAge()) >= 0;
    }

    /** Counts what the log held at the start. Before the first commit. */
    void recovered(long samples) {
        samplesInEpoch.set(samples);
        epochStart = samples == 0 ? null : clock.instant();
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
                runTasks();
                if (!group.isEmpty()) {
                    commit(group);
                }
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
        hasEnded = true;
        runTasks();
        refuseAll();
        log.close();
    }

    private void runTasks() {
        for (FutureTask<?> task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void commit(List<Pending> group) {
        WriteStage stage = new WriteStage(table, options, ids, epoch, codec);
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
            // What the records defined is not there.
            epoch++;
            logFailed(e);
            fail(group, "the log cannot be written: " + e.getMessage());
            return;
        } catch (RuntimeException | Error e) {
            stage.discard();
            epoch++;
            log.abandon();
            throw e;
        }
        if (isFailing) {
            isFailing = false;
            LOG.info("The log can be written again");
        }
        table.publish(stage, epoch);
        table.followFrontiers(clock.millis());
        samplesInEpoch.addAndGet(stage.samples().size());
        if (epochStart == null && stage.samples().size() > 0) {
            epochStart = clock.instant();
        }
        samplesStored.add(stage.samples().size());
        samplesRepeated.add(stage.duplicateCount());
        accepted.forEach(pending -> pending.done.complete(null));
    }

    private boolean stage(WriteStage stage, Pending pending) {
        try {
            if (table.chunkBytes() > options.maxChunkBytes()) {
                throw new WriteRejectedException(
                        Reason.UNAVAILABLE,
                        "samples in memory take " + table.chunkBytes()
                                + " bytes and wait for the disk (expected: at most" + " maxChunkBytes = "
                                + options.maxChunkBytes() + ")");
            }
            byte[] record = stage.stage(pending.batch, clock.instant());
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
        if (!needsSegment && log.isWritable() && log.currentSegmentBytes() < options.segmentBytes()) {
            return;
        }
        log.startSegment();
        needsSegment = false;
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
