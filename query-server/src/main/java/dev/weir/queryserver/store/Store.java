package dev.weir.queryserver.store;

import dev.weir.queryserver.frontier.Freshness;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.queryserver.log.SegmentFiles;
import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.block.BlockDirectory;
import dev.weir.queryserver.store.block.BlockSet;
import dev.weir.queryserver.store.block.Damage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series and samples, by project. An acknowledged write survives the sudden end of the process and the machine, is seen by
 * readers whole or not at all, and is found again by {@link #open}. Samples of a series ascend in time; a sample written
 * again, the same, changes nothing. Thread-safe.
 */
public final class Store implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final String LOG_DIRECTORY = "log";
    private static final String BLOCK_DIRECTORY = "blocks";
    private static final long CLOSE_MILLIS = 30_000;

    private final SeriesTable table;
    private final Committer committer;
    private final Compactor compactor;
    private final Damage damage;
    private final DirectoryLock lock;
    private final Thread thread;

    private Store(
            SeriesTable table,
            Committer committer,
            Compactor compactor,
            Damage damage,
            DirectoryLock lock,
            Thread thread) {
        this.table = table;
        this.committer = committer;
        this.compactor = compactor;
        this.damage = damage;
        this.lock = lock;
        this.thread = thread;
    }

    /**
     * Opens the blocks in the directory, reads the log, which holds what is in none, and is then ready.
     *
     * @throws IOException if another process uses the directory, or it cannot be read or written
     */
    public static Store open(StoreOptions options, InstantSource clock) throws IOException {
        return open(options, clock, SegmentFiles.ON_DISK);
    }

    static Store open(StoreOptions options, InstantSource clock, SegmentFiles files) throws IOException {
        DirectoryLock lock = DirectoryLock.take(options.directory());
        try {
            return open(options, clock, files, lock);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Store open(StoreOptions options, InstantSource clock, SegmentFiles files, DirectoryLock lock)
            throws IOException {
        Damage damage = new Damage();
        BlockDirectory blocks = BlockDirectory.open(options.directory().resolve(BLOCK_DIRECTORY), damage);
        SeriesTable table = new SeriesTable(blocks.load());
        SegmentedLog log =
                SegmentedLog.open(options.directory().resolve(LOG_DIRECTORY), files, blocks.throughSegment());
        SeriesIds ids = new SeriesIds();
        long oldestKeptMs = clock.instant().minus(options.retention()).toEpochMilli();
        long samples = new Recovery(table, ids, oldestKeptMs).run(log, damage);
        table.followFrontiers(clock.millis());
        Committer committer = new Committer(table, log, options, clock, ids);
        committer.recovered(samples);
        Thread thread = new Thread(committer, "weir-store-commit");
        thread.setDaemon(true);
        thread.start();
        Compactor compactor = new Compactor(table, committer, blocks, options, clock);
        Thread compacting = new Thread(compactor, "weir-store-compact");
        compacting.setDaemon(true);
        compacting.start();
        return new Store(table, committer, compactor, damage, lock, thread);
    }

    /**
     * Stores a request. The future completes once it is durable and visible; else with a {@link WriteRejectedException},
     * and then nothing of it is stored.
     */
    public CompletableFuture<Void> append(WriteBatch batch) {
        return committer.submit(batch);
    }

    /** The store as of now, of one project, or of all if {@code project} is null. To be closed. */
    public StoreView view(@Nullable String project) {
        return table.open(project);
    }

    /** Moves all samples in memory to blocks and merges these as far as they may grow. Takes its time. */
    public void compact() throws IOException {
        compactor.compact();
    }

    /** Reads all blocks and repairs what can be. Returns whether all is whole now; {@link #stats} counts what was not. */
    public boolean verify() throws IOException {
        return compactor.verify();
    }

    /** The newest complete windows. */
    public Frontiers frontiers() {
        return table.frontiers();
    }

    /** How old they were, for how long, since the store was opened. */
    public Freshness freshness() {
        return table.freshness();
    }

    public Map<String, Integer> seriesByProject() {
        return table.seriesByProject();
    }

    public StoreStats stats() {
        BlockSet blocks = table.currentBlocks();
        return new StoreStats(
                table.seriesCount(),
                table.chunkBytes(),
                committer.logBytes(),
                blocks.blocks().size(),
                blocks.sizeBytes(),
                committer.samplesStored(),
                committer.samplesRepeated(),
                committer.pendingWrites(),
                committer.logFailures(),
                compactor.flushes(),
                compactor.merges(),
                compactor.failures(),
                compactor.expiredBlocks(),
                damage.count());
    }

    /** Commits what was appended before, then lets go of the directory. */
    @Override
    public void close() {
        compactor.close();
        committer.close();
        try {
            thread.join(CLOSE_MILLIS);
            lock.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The lock of the data directory could not be released: {}", e.toString());
        }
    }
}
