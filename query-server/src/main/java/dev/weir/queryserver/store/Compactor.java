package dev.weir.queryserver.store;

import dev.weir.promql.storage.SampleColumns;
import dev.weir.queryserver.store.block.Block;
import dev.weir.queryserver.store.block.BlockDirectory;
import dev.weir.queryserver.store.block.BlockSet;
import dev.weir.queryserver.store.block.GroupOrder;
import dev.weir.queryserver.store.block.MergePolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves samples from memory to blocks, merges blocks, and drops those beyond the retention, on a thread of its own. What it
 * changes of the table, it changes on the committing thread.
 */
final class Compactor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final long LOOK_MILLIS = 200;

    /** Until the first look, where there was something to read at the start, lest it takes the time of those who wait for that. */
    private static final long FIRST_LOOK_MILLIS = 2000;

    private static final Duration HOUSEKEEPING_INTERVAL = Duration.ofMinutes(1);
    private static final long LEAST_SPAN_MS = Duration.ofHours(1).toMillis();
    private static final int MERGED_SHARE_OF_RETENTION = 10;

    /** A log up to this is read again in no time, so that a flush at the end is of no use. */
    private static final long SMALL_LOG_BYTES = 1 << 20;

    private final SeriesTable table;
    private final Committer committer;
    private final BlockDirectory directory;
    private final StoreOptions options;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LongAdder flushes = new LongAdder();
    private final LongAdder merges = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder expiredBlocks = new LongAdder();
    private @Nullable Instant lastHousekeeping;
    private Instant notBefore = Instant.MIN;
    private final Set<Block> verified = new HashSet<>();
    private boolean isTrimmed = true;
    private boolean isFailing;

    Compactor(
            SeriesTable table,
            Committer committer,
            BlockDirectory directory,
            StoreOptions options,
            InstantSource clock) {
        this.table = table;
        this.committer = committer;
        this.directory = directory;
        this.options = options;
        this.clock = clock;
    }

    long flushes() {
        return flushes.sum();
    }

    long merges() {
        return merges.sum();
    }

    long failures() {
        return failures.sum();
    }

    long expiredBlocks() {
        return expiredBlocks.sum();
    }

    @Override
    public void run() {
        boolean isNew =
                table.seriesCount() == 0 && table.currentBlocks().blocks().isEmpty();
        boolean goesOn = await(isNew ? LOOK_MILLIS : FIRST_LOOK_MILLIS);
        while (goesOn) {
            synchronized (this) {
                look();
            }
            goesOn = await(LOOK_MILLIS);
        }
    }

    /** Ends the thread's work, with a flush of what would take long to read again. */
    synchronized void close() {
        closing.countDown();
        try {
            if (committer.logBytes() > SMALL_LOG_BYTES) {
                flush();
            }
        } catch (IOException e) {
            LOG.warn("The log stays as it is, to be read at the next start: {}", e.toString());
        }
    }

    /** Reads all blocks and repairs what can be. Returns whether all is whole now. */
    synchronized boolean verify() throws IOException {
        boolean areWhole = true;
        for (Block block : table.currentBlocks().blocks()) {
            areWhole &= block.verify();
        }
        return areWhole;
    }

    /** Moves all samples to blocks, and makes those few. */
    synchronized void compact() throws IOException {
        flush();
        keepRetention();
        MergePolicy all = new MergePolicy(BlockDirectory.MAX_MERGED_BYTES, Long.MAX_VALUE, 2);
        while (merge(all)) {
            LOG.debug("Blocks are merged");
        }
    }

    /** Whether there is a next look. */
    private boolean await(long millis) {
        try {
            return !closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void look() {
        Instant now = clock.instant();
        if (now.isBefore(notBefore) || closing.getCount() == 0) {
            return;
        }
        try {
            trim();
            if (committer.isFlushDue(now)) {
                flush();
            }
            boolean isDue = lastHousekeeping == null
                    || Duration.between(lastHousekeeping, now).abs().compareTo(HOUSEKEEPING_INTERVAL) >= 0;
            if (isDue) {
                lastHousekeeping = now;
                keepRetention();
            }
            merge(policy());
            verifyNext();
            if (isFailing) {
                isFailing = false;
                LOG.info("Blocks can be written again");
            }
        } catch (IOException | RuntimeException e) {
            failed(e, now);
        }
    }

    private void failed(Exception e, Instant now) {
        failures.increment();
        notBefore = now.plus(HOUSEKEEPING_INTERVAL);
        if (!isFailing || e instanceof RuntimeException) {
            isFailing = true;
            LOG.warn("Blocks cannot be written; samples stay in the log and in memory: {}", e.toString(), e);
        }
    }

    private MergePolicy policy() {
        long spanMs = Math.max(LEAST_SPAN_MS, options.retention().toMillis() / MERGED_SHARE_OF_RETENTION);
        long bytes = options.maxDiskBytes() == 0
                ? BlockDirectory.MAX_MERGED_BYTES
                : Math.min(BlockDirectory.MAX_MERGED_BYTES, options.maxDiskBytes() / MERGED_SHARE_OF_RETENTION);
        return new MergePolicy(bytes, spanMs, MergePolicy.FANOUT);
    }

    private void trim() throws IOException {
        isTrimmed = isTrimmed || committer.call(table::trim);
    }

    /** Writes a block of all samples in memory, after which the log so far is of no use. */
    private void flush() throws IOException {
        trim();
        if (!isTrimmed) {
            return;
        }
        Committer.Cut cut = committer.call(committer::cut);
        List<MemorySeries> flushed = new ArrayList<>();
        long[] newestMs = new long[cut.series().size()];
        Block block;
        try {
            block = directory.write(
                    consumer -> {
                        List<MemorySeries> sorted = new ArrayList<>(cut.series());
                        sorted.sort(Comparator.comparing(MemorySeries::project)
                                .thenComparing(MemorySeries::labels, GroupOrder.INSTANCE));
                        SampleColumns samples = new SampleColumns();
                        for (MemorySeries series : sorted) {
                            samples.clear();
                            table.snapshotForFlush(series, cut.commit()).read(Long.MIN_VALUE, Long.MAX_VALUE, samples);
                            if (samples.size() > 0) {
                                newestMs[flushed.size()] = samples.timestampMs(samples.size() - 1);
                                flushed.add(series);
                                consumer.accept(series.project(), series.labels(), samples);
                            }
                        }
                    },
                    cut.segment());
        } finally {
            table.close(cut.commit());
        }
        isTrimmed = block == null;
        if (block != null) {
            verified.add(block);
        }
        committer.call(() -> {
            if (block != null) {
                table.flushed(
                        directory.with(table.blocks(), block),
                        flushed,
                        Arrays.copyOf(newestMs, flushed.size()),
                        cut.epoch());
            }
            committer.forgetThrough(cut.segment());
            return true;
        });
        flushes.increment();
        trim();
    }

    /** Merges some blocks if there are enough alike; whether there were. */
    private boolean merge(MergePolicy policy) throws IOException {
        List<Block> chosen = BlockDirectory.mergeable(table.currentBlocks(), policy);
        if (chosen.isEmpty()) {
            return false;
        }
        Block merged = directory.merge(chosen, oldestKeptMs());
        if (merged != null) {
            verified.add(merged);
        }
        replace(chosen, merged);
        merges.increment();
        return true;
    }

    private void keepRetention() throws IOException {
        long oldestKeptMs = oldestKeptMs();
        committer.call(() -> {
            table.dropBefore(oldestKeptMs);
            return true;
        });
        List<Block> expired = new ArrayList<>();
        BlockSet blocks = table.currentBlocks();
        long bytes = blocks.sizeBytes() + committer.logBytes();
        List<Block> oldestFirst = new ArrayList<>(blocks.blocks());
        oldestFirst.sort(Comparator.comparingLong(Block::maxTimestampMs));
        for (Block block : oldestFirst) {
            boolean isOverSize = options.maxDiskBytes() > 0 && bytes > options.maxDiskBytes();
            if (isOverSize || block.maxTimestampMs() < oldestKeptMs) {
                expired.add(block);
                bytes -= block.sizeBytes();
            }
        }
        if (!expired.isEmpty()) {
            LOG.info("{} blocks are beyond the retention and deleted", expired.size());
            replace(expired, null);
            expiredBlocks.add(expired.size());
        }
    }

    /** Reads a block from before the start, one at each look, so that no damage waits for a query. */
    private void verifyNext() throws IOException {
        for (Block block : table.currentBlocks().blocks()) {
            if (verified.add(block)) {
                if (!block.verify()) {
                    LOG.warn("A block of {} bytes has damage that cannot be repaired", block.sizeBytes());
                }
                return;
            }
        }
        verified.retainAll(table.currentBlocks().blocks());
    }

    private void replace(List<Block> blocks, @Nullable Block merged) throws IOException {
        committer.call(() -> {
            table.replaceBlocks(directory.replaced(table.blocks(), blocks, merged));
            return true;
        });
    }

    private long oldestKeptMs() {
        return clock.instant().minus(options.retention()).toEpochMilli();
    }
}
