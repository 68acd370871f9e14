package dev.weir.queryserver.store;

import dev.weir.queryserver.frontier.Freshness;
import dev.weir.queryserver.frontier.Frontiers;
import dev.weir.queryserver.log.SegmentFiles;
import dev.weir.queryserver.log.SegmentedLog;
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
    private static final long CLOSE_MILLIS = 30_000;

    private final SeriesTable table;
    private final Committer committer;
    private final Housekeeping housekeeping;
    private final DirectoryLock lock;
    private final Thread thread;

    private Store(
            SeriesTable table, Committer committer, Housekeeping housekeeping, DirectoryLock lock, Thread thread) {
        this.table = table;
        this.committer = committer;
        this.housekeeping = housekeeping;
        this.lock = lock;
        this.thread = thread;
    }

    /**
     * Reads what the directory holds, and is then ready.
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
        SegmentedLog log = SegmentedLog.open(options.directory().resolve(LOG_DIRECTORY), files);
        SeriesTable table = new SeriesTable();
        SeriesIds ids = new SeriesIds();
        Housekeeping housekeeping = new Housekeeping(table, log, options);
        long oldestKeptMs = clock.instant().minus(options.retention()).toEpochMilli();
        new Recovery(table, ids, housekeeping.newestBySegment(), oldestKeptMs)
                .run(log, () -> housekeeping.keepMemoryInBounds(clock.instant()));
        table.followFrontiers(clock.millis());
        Committer committer = new Committer(table, log, options, clock, ids, housekeeping);
        Thread thread = new Thread(committer, "weir-store-commit");
        thread.setDaemon(true);
        thread.start();
        return new Store(table, committer, housekeeping, lock, thread);
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
        return new StoreStats(
                table.seriesCount(),
                table.chunkBytes(),
                committer.logBytes(),
                committer.samplesStored(),
                committer.samplesRepeated(),
                housekeeping.bytesDroppedEarly(),
                committer.pendingWrites(),
                committer.logFailures());
    }

    /** Commits what was appended before, then lets go of the directory. */
    @Override
    public void close() {
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
