package dev.weir.queryserver.store;

import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.RecordReader.LogRecord;
import dev.weir.queryserver.store.block.Damage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills an empty table from the log: one thread reads records while another takes what they say into the table. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** Records that may have been read before their turn; each holds what one write request does. */
    private static final int MAX_READ_AHEAD = 8;

    private final SeriesTable table;
    private final SeriesIds ids;
    private final long oldestKeptMs;
    private final BlockingQueue<LogRecord> read = new ArrayBlockingQueue<>(MAX_READ_AHEAD);
    private final LogRecord end = new LogRecord();

    /** By the numbers that {@link RecordReader} gave them. */
    private final List<MemorySeries> series = new ArrayList<>();

    private long samples;
    private long samplesWithoutSeries;
    private long unreadableRecords;
    private boolean holdsTooOld;

    /**
     * @param oldestKeptMs samples before this are not taken
     */
    Recovery(SeriesTable table, SeriesIds ids, long oldestKeptMs) {
        this.table = table;
        this.ids = ids;
        this.oldestKeptMs = oldestKeptMs;
    }

    /** Reads the whole log, which holds what is in no block. Returns how many samples there were. */
    long run(SegmentedLog log, Damage damage) throws IOException {
        long startNanos = System.nanoTime();
        SegmentedLog.Replayed replayed = replay(log);
        damage.add(replayed.damages() + unreadableRecords);
        if (samplesWithoutSeries > 0) {
            LOG.warn(
                    "{} samples are lost, since the log record that names their series is damaged",
                    samplesWithoutSeries);
        }
        LOG.info(
                "Read the log: {} records, {} MiB, {} samples of {} series in {} ms; {} bytes damaged, {} bytes torn off",
                replayed.records() - unreadableRecords,
                replayed.bytes() >> 20,
                samples,
                table.seriesCount(),
                (System.nanoTime() - startNanos) / 1_000_000,
                replayed.damagedBytes(),
                replayed.tornBytes());
        if (holdsTooOld) {
            table.dropBefore(oldestKeptMs);
        }
        table.recoverFrontiers(ids);
        return samples;
    }

    private SegmentedLog.Replayed replay(SegmentedLog log) throws IOException {
        FutureTask<SegmentedLog.Replayed> reading = new FutureTask<>(() -> readAll(log));
        Thread reader = new Thread(reading, "weir-store-read-log");
        reader.setDaemon(true);
        reader.start();
        try {
            for (LogRecord record = read.take(); record != end; record = read.take()) {
                take(record);
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the log was read", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException("the log cannot be read", e);
        } finally {
            boolean unused = reading.cancel(true);
        }
    }

    private SegmentedLog.Replayed readAll(SegmentedLog log) throws IOException, InterruptedException {
        RecordReader reader = new RecordReader(table.labelPool());
        try {
            return log.replay((segment, payload) -> {
                LogRecord record = read(reader, segment, payload);
                if (record.damage() != null) {
                    LOG.warn("Log segment {}: a record is left out: {}", segment, record.damage());
                }
                read.put(record);
            });
        } finally {
            read.put(end);
        }
    }

    private static LogRecord read(RecordReader reader, long segment, byte[] payload) throws IOException {
        try {
            return reader.read(payload);
        } catch (IOException e) {
            throw new IOException("log segment " + segment + ": " + e.getMessage(), e);
        }
    }

    private void take(LogRecord record) {
        unreadableRecords += record.damage() == null ? 0 : 1;
        ids.markUsed(record.newestId());
        table.recoverSeries(record.definitions(), series);
        record.metadata().forEach(table::recoverMetadata);
        holdsTooOld |= record.oldestMs() < oldestKeptMs;
        long grown = 0;
        for (int i = 0; i < record.entryCount(); i++) {
            int number = record.series(i);
            int count = record.to(i) - record.from(i);
            if (number < 0) {
                samplesWithoutSeries += count;
            } else {
                grown += series.get(number).recover(record.samples(), record.from(i), record.to(i), oldestKeptMs);
                samples += count;
            }
        }
        table.recoveredBytes(grown);
    }
}
