package dev.weir.queryserver.store;

import dev.weir.queryserver.store.MemorySeries.Presence;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Write requests between their arrival and their commit: checked against what is stored and what is staged before them,
 * each taken whole or not at all. Used by the committing thread for one group of requests.
 */
final class WriteStage {
    private record SeriesKey(String project, Labels labels) {}

    /** Samples of one request that one series has staged. */
    private record Staged(MemorySeries series, int from, int to) {}

    private final SeriesTable table;
    private final StoreOptions options;
    private final SeriesIds ids;
    private final int epoch;
    private final RecordCodec codec = new RecordCodec();
    private final Map<SeriesKey, MemorySeries> created = new HashMap<>();
    private final Map<String, Integer> createdByProject = new HashMap<>();
    private final List<MemorySeries> touched = new ArrayList<>();
    private final Map<String, MetricMetadata> news = new LinkedHashMap<>();
    private long sampleCount;
    private long duplicateCount;
    private long newestTimestampMs = Long.MIN_VALUE;

    /** @param epoch the stretch of the log that the records will go to */
    WriteStage(SeriesTable table, StoreOptions options, SeriesIds ids, int epoch) {
        this.table = table;
        this.options = options;
        this.ids = ids;
        this.epoch = epoch;
    }

    /**
     * Stages a request and returns its log record, null if it says nothing new.
     *
     * @throws WriteRejectedException if it breaks a rule; then nothing of it is staged
     */
    byte @Nullable [] stage(WriteBatch batch, Instant now) throws WriteRejectedException {
        List<Staged> staged = new ArrayList<>(batch.series().size());
        long duplicatesBefore = duplicateCount;
        try {
            for (SeriesSamples series : batch.series()) {
                staged.add(stage(series, batch.maxSeriesOfProject(), now));
            }
        } catch (WriteRejectedException e) {
            duplicateCount = duplicatesBefore;
            for (int i = staged.size() - 1; i >= 0; i--) {
                staged.get(i).series.staged().truncate(staged.get(i).from);
            }
            throw e;
        }
        encode(staged, batch.metadata());
        return codec.isEmpty() ? null : codec.finish();
    }

    Collection<MemorySeries> touched() {
        return touched;
    }

    Collection<MetricMetadata> news() {
        return news.values();
    }

    long sampleCount() {
        return sampleCount;
    }

    long duplicateCount() {
        return duplicateCount;
    }

    /** Time of the newest sample staged. */
    long newestTimestampMs() {
        return newestTimestampMs;
    }

    void discard() {
        touched.forEach(MemorySeries::discardStaged);
    }

    private Staged stage(SeriesSamples incoming, ToIntFunction<String> maxSeriesOfProject, Instant now)
            throws WriteRejectedException {
        MemorySeries series = seriesFor(incoming, maxSeriesOfProject);
        if (!series.isStaging()) {
            touched.add(series);
            SampleList only = incoming.samples();
            if (only.size() == 1 && incoming.createdMs() == 0 && only.timestampMs(0) > series.newestTimestampMs()) {
                checkTime(series, only.timestampMs(0), now);
                series.stage(only);
                return new Staged(series, 0, 1);
            }
        }
        SampleList staged = series.staged();
        int from = staged.size();
        try {
            SampleList samples = incoming.samples();
            if (beginsWithin(incoming, series, now)) {
                staged.add(incoming.createdMs(), 0, zeroLike(samples.histogram(0)));
            }
            for (int i = 0; i < samples.size(); i++) {
                FloatHistogram histogram = samples.histogram(i);
                if (isNew(series, samples.timestampMs(i), samples.value(i), histogram, now)) {
                    staged.add(samples.timestampMs(i), samples.value(i), histogram);
                } else {
                    duplicateCount++;
                }
            }
        } catch (WriteRejectedException e) {
            staged.truncate(from);
            throw e;
        }
        return new Staged(series, from, staged.size());
    }

    /** Whether it began, at zero, between what is stored and what comes. */
    private boolean beginsWithin(SeriesSamples incoming, MemorySeries series, Instant now) {
        SampleList samples = incoming.samples();
        long createdMs = incoming.createdMs();
        return createdMs > 0
                && samples.size() > 0
                && createdMs < samples.timestampMs(0)
                && createdMs > series.newestTimestampMs()
                && createdMs >= now.minus(options.retention()).toEpochMilli()
                && !StaleMarker.isStale(samples.value(0));
    }

    private static @Nullable FloatHistogram zeroLike(@Nullable FloatHistogram histogram) {
        return histogram == null
                ? null
                : histogram.toBuilder()
                        .resetHint(FloatHistogram.ResetHint.UNKNOWN)
                        .count(0)
                        .sum(0)
                        .zero(histogram.zeroThreshold(), 0)
                        .positive(BucketCounts.EMPTY)
                        .negative(BucketCounts.EMPTY)
                        .build();
    }

    /** Whether the sample is to be stored; false if it is stored already. */
    private boolean isNew(
            MemorySeries series, long timestampMs, double value, @Nullable FloatHistogram histogram, Instant now)
            throws WriteRejectedException {
        if (timestampMs > series.newestTimestampMs()) {
            checkTime(series, timestampMs, now);
            return true;
        }
        Presence presence = series.presenceOf(timestampMs, value, histogram);
        if (presence == Presence.ABSENT) {
            presence = table.presenceInBlocks(series, timestampMs, value, histogram);
        }
        if (presence == Presence.SAME) {
            return false;
        }
        if (presence == Presence.OTHER) {
            throw new WriteRejectedException(
                    Reason.DUPLICATE_TIMESTAMP,
                    "duplicate sample for timestamp " + timestampMs + " of " + series.labels()
                            + " (expected: the value already stored, or a later time)");
        }
        checkTime(series, timestampMs, now);
        throw new WriteRejectedException(
                Reason.OUT_OF_ORDER,
                "out of order sample: timestamp " + timestampMs + " of " + series.labels() + " (expected: later than "
                        + series.newestTimestampMs() + ")");
    }

    private void checkTime(MemorySeries series, long timestampMs, Instant now) throws WriteRejectedException {
        long nowMs = now.toEpochMilli();
        if (timestampMs > nowMs + StoreOptions.MAX_AHEAD.toMillis()) {
            throw new WriteRejectedException(
                    Reason.TOO_FAR_AHEAD,
                    "out of bounds: timestamp " + timestampMs + " of " + series.labels()
                            + " is too far in the future (expected: at most 10 minutes after " + nowMs + ")");
        }
        if (timestampMs < nowMs - options.retention().toMillis()) {
            throw new WriteRejectedException(
                    Reason.TOO_OLD,
                    "out of bounds: timestamp " + timestampMs + " of " + series.labels()
                            + " is too old (expected: within the retention of " + options.retention() + " before "
                            + nowMs + ")");
        }
    }

    private MemorySeries seriesFor(SeriesSamples incoming, ToIntFunction<String> maxSeriesOfProject)
            throws WriteRejectedException {
        MemorySeries known = incoming.series().find(table);
        if (known != null) {
            return known;
        }
        SeriesKey key = new SeriesKey(incoming.project(), incoming.labels());
        MemorySeries series = created.get(key);
        if (series == null) {
            if (table.seriesCount() + created.size() >= options.maxSeries()) {
                throw new WriteRejectedException(
                        Reason.LIMIT,
                        "no room for series " + incoming.labels() + " (expected: at most maxSeries = "
                                + options.maxSeries() + " series)");
            }
            int mostOfProject = maxSeriesOfProject.applyAsInt(incoming.project());
            int ofProject = createdByProject.getOrDefault(incoming.project(), 0);
            if (mostOfProject > 0 && table.seriesCount(incoming.project()) + ofProject >= mostOfProject) {
                throw new WriteRejectedException(
                        Reason.LIMIT,
                        "no room for series " + incoming.labels() + " (expected: at most maxActiveSeries = "
                                + mostOfProject + " of project \"" + incoming.project() + "\")");
            }
            createdByProject.put(incoming.project(), ofProject + 1);
            series = table.newSeries(ids.next(), incoming.project(), incoming.labels());
            SampleList samples = incoming.samples();
            table.rememberBlocks(series, samples.size() == 0 ? Long.MAX_VALUE : samples.timestampMs(0));
            created.put(key, series);
        }
        return series;
    }

    private void encode(List<Staged> staged, List<MetricMetadata> metadata) {
        for (Staged one : staged) {
            if (one.to == one.from) {
                continue;
            }
            SampleList samples = one.series.stagedSoFar();
            sampleCount += one.to - one.from;
            newestTimestampMs = Math.max(newestTimestampMs, samples.timestampMs(one.to - 1));
            if (one.series.takeDefinition(epoch)) {
                codec.define(one.series);
            }
            codec.add(one.series.id(), samples, one.from, one.to);
        }
        for (MetricMetadata one : metadata) {
            String key = one.scope() + '\0' + one.family();
            boolean isNews = table.isNews(one) && !one.equals(news.get(key));
            if (isNews && news.size() < MetadataTable.MAX_FAMILIES) {
                news.put(key, one);
                codec.add(one);
            }
        }
    }
}
