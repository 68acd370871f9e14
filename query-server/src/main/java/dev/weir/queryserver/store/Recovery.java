package dev.weir.queryserver.store;

import dev.weir.queryserver.log.SegmentedLog;
import dev.weir.queryserver.store.block.Damage;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills an empty table from the log. */
final class Recovery implements RecordCodec.Visitor {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final SeriesTable table;
    private final SeriesIds ids;
    private final long oldestKeptMs;
    private final IdTable byId = new IdTable();
    private long samples;
    private long samplesWithoutSeries;
    private long unreadableRecords;

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
        SegmentedLog.Replayed replayed = log.replay((number, payload) -> {
            try {
                RecordCodec.read(payload, this);
            } catch (IOException e) {
                unreadableRecords++;
                LOG.warn("Log segment {}: a record is left out: {}", number, e.getMessage());
            }
        });
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
        table.dropBefore(oldestKeptMs);
        table.recoverFrontiers(ids);
        return samples;
    }

    @Override
    public boolean isDefined(long id) {
        return byId.get(id) != null;
    }

    @Override
    public void define(long id, String project, Labels labels) {
        ids.markUsed(id);
        byId.put(id, table.recoverSeries(id, project, labels));
    }

    @Override
    public void metadata(MetricMetadata metadata) {
        table.recoverMetadata(metadata);
    }

    @Override
    public void sample(long id, long timestampMs, double value, @Nullable FloatHistogram histogram) {
        ids.markUsed(id);
        MemorySeries series = byId.get(id);
        if (series == null) {
            samplesWithoutSeries++;
        } else if (timestampMs >= oldestKeptMs) {
            table.recoverSample(series, timestampMs, value, histogram);
            samples++;
        }
    }
}
