package dev.weir.queryserver.store;

import dev.weir.queryserver.store.MemorySeries.Presence;
import dev.weir.queryserver.store.WriteRejectedException.Reason;
import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Write requests between their arrival and their commit: checked against what is stored and what is staged before them,
 * each taken whole or not at all. Used by the committing thread for one group of requests.
 *
 * <p>What is staged is a row of entries: a series, and where its samples end in one list of all. A series knows its newest
 * entry by its number, and an entry the one of its series before it, so that nothing old comes to point to anything new.
 */
final class WriteStage {
    private static final int INITIAL_ENTRIES = 64;

    private record SeriesKey(String project, Labels labels) {}

    private final SeriesTable table;
    private final StoreOptions options;
    private final SeriesIds ids;
    private final int epoch;
    private final RecordCodec codec;
    private final Map<SeriesKey, MemorySeries> created = new HashMap<>();
    private final Map<String, Integer> createdByProject = new HashMap<>();
    private final Map<String, MetricMetadata> news = new LinkedHashMap<>();

    private final List<MemorySeries> entries = new ArrayList<>(INITIAL_ENTRIES);
    private final SampleList samples = new SampleList();
    private int[] ends = new int[INITIAL_ENTRIES];

    /** Of each entry, the number of its series' entry before, 0 if there is none; numbers begin at 1. */
    private int[] earlier = new int[INITIAL_ENTRIES];

    private long duplicateCount;

    /** What the request that is being staged may hold. */
    private long nowMs;

    private long latestMs;
    private long oldestMs;

    /**
     * @param epoch the stretch of the log that the records will go to
     * @param codec makes them, one at a time
     */
    WriteStage(SeriesTable table, StoreOptions options, SeriesIds ids, int epoch, RecordCodec codec) {
        this.table = table;
        this.options = options;
        this.ids = ids;
        this.epoch = epoch;
        this.codec = codec;
        codec.reset();
    }

    /**
     * Stages a request and returns its log record, null if it says nothing new.
     *
     * @throws WriteRejectedException if it breaks a rule; then nothing of it is staged
     */
    byte @Nullable [] stage(WriteBatch batch, Instant now) throws WriteRejectedException {
        nowMs = now.toEpochMilli();
        latestMs = nowMs + StoreOptions.MAX_AHEAD.toMillis();
        oldestMs = now.minus(options.retention()).toEpochMilli();
        int entriesBefore = entries.size();
        int samplesBefore = samples.size();
        long duplicatesBefore = duplicateCount;
        try {
            for (int i = 0; i < batch.seriesCount(); i++) {
                stage(batch, i);
            }
        } catch (WriteRejectedException e) {
            duplicateCount = duplicatesBefore;
            forgetFrom(entriesBefore);
            samples.truncate(samplesBefore);
            throw e;
        }
        encode(entriesBefore, batch.metadata());
        return codec.isEmpty() ? null : codec.finish();
    }

    /** How many entries there are; each is of one series, and a series may have several. */
    int entryCount() {
        return entries.size();
    }

    MemorySeries series(int entry) {
        return entries.get(entry);
    }

    /** Where the samples of an entry begin in {@link #samples}. */
    int from(int entry) {
        return entry == 0 ? 0 : ends[entry - 1];
    }

    /** Where the samples of an entry end in {@link #samples}, exclusive. */
    int to(int entry) {
        return ends[entry];
    }

    SampleList samples() {
        return samples;
    }

    Collection<MetricMetadata> news() {
        return news.values();
    }

    long duplicateCount() {
        return duplicateCount;
    }

    void discard() {
        forgetFrom(0);
    }

    private void forgetFrom(int firstEntry) {
        for (int i = entries.size() - 1; i >= firstEntry; i--) {
            entries.remove(i).stage(earlier[i]);
        }
    }

    private void stage(WriteBatch batch, int index) throws WriteRejectedException {
        MemorySeries series = seriesFor(batch, index);
        batch.found(index, series);
        SampleList incoming = batch.samples();
        int from = samples.size();
        long newestMs = newestMs(series);
        if (beginsWithin(batch, index, newestMs)) {
            newestMs = batch.createdMs(index);
            samples.add(newestMs, 0, zeroLike(incoming.histogram(batch.from(index))));
        }
        for (int i = batch.from(index); i < batch.to(index); i++) {
            long timestampMs = incoming.timestampMs(i);
            double value = incoming.value(i);
            FloatHistogram histogram = incoming.histogram(i);
            if (timestampMs > newestMs) {
                checkTime(series, timestampMs);
                samples.add(timestampMs, value, histogram);
                newestMs = timestampMs;
            } else {
                checkRepeated(series, from, newestMs, timestampMs, value, histogram);
                duplicateCount++;
            }
        }
        if (samples.size() > from) {
            addEntry(series);
        }
    }

    private void addEntry(MemorySeries series) {
        int entry = entries.size();
        if (entry == ends.length) {
            ends = Arrays.copyOf(ends, 2 * entry);
            earlier = Arrays.copyOf(earlier, 2 * entry);
        }
        entries.add(series);
        ends[entry] = samples.size();
        earlier[entry] = series.staged();
        series.stage(entry + 1);
    }

    /** Time of the newest sample of a series, those of its entries included. */
    private long newestMs(MemorySeries series) {
        return series.staged() == 0 ? series.lastTimestampMs() : samples.timestampMs(to(series.staged() - 1) - 1);
    }

    /** Whether it began, at zero, between what is stored and what comes. */
    private boolean beginsWithin(WriteBatch batch, int index, long newestMs) {
        long createdMs = batch.createdMs(index);
        int first = batch.from(index);
        return createdMs > 0
                && batch.to(index) > first
                && createdMs < batch.samples().timestampMs(first)
                && createdMs > newestMs
                && createdMs >= oldestMs
                && !StaleMarker.isStale(batch.samples().value(first));
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

    /**
     * Lets a sample no later than the newest pass only if it is stored or staged already.
     *
     * @param from where the samples begin that will be the series' next entry
     */
    private void checkRepeated(
            MemorySeries series,
            int from,
            long newestMs,
            long timestampMs,
            double value,
            @Nullable FloatHistogram histogram)
            throws WriteRejectedException {
        Presence presence = stagedPresence(series, from, timestampMs, value, histogram);
        if (presence == Presence.ABSENT) {
            presence = series.presenceOf(timestampMs, value, histogram);
        }
        if (presence == Presence.ABSENT) {
            presence = table.presenceInBlocks(series, timestampMs, value, histogram);
        }
        if (presence == Presence.SAME) {
            return;
        }
        if (presence == Presence.OTHER) {
            throw new WriteRejectedException(
                    Reason.DUPLICATE_TIMESTAMP,
                    "duplicate sample for timestamp " + timestampMs + " of " + series.labels()
                            + " (expected: the value already stored, or a later time)");
        }
        checkTime(series, timestampMs);
        throw new WriteRejectedException(
                Reason.OUT_OF_ORDER,
                "out of order sample: timestamp " + timestampMs + " of " + series.labels() + " (expected: later than "
                        + newestMs + ")");
    }

    private Presence stagedPresence(
            MemorySeries series, int from, long timestampMs, double value, @Nullable FloatHistogram histogram) {
        int low = from;
        int high = samples.size();
        for (int entry = series.staged() - 1; ; entry = earlier[entry] - 1) {
            for (int i = high - 1; i >= low; i--) {
                if (samples.timestampMs(i) == timestampMs) {
                    return Presence.of(samples.value(i), samples.histogram(i), value, histogram);
                }
            }
            if (entry < 0) {
                return Presence.ABSENT;
            }
            low = from(entry);
            high = to(entry);
        }
    }

    private void checkTime(MemorySeries series, long timestampMs) throws WriteRejectedException {
        if (timestampMs > latestMs) {
            throw new WriteRejectedException(
                    Reason.TOO_FAR_AHEAD,
                    "out of bounds: timestamp " + timestampMs + " of " + series.labels()
                            + " is too far in the future (expected: at most 10 minutes after " + nowMs + ")");
        }
        if (timestampMs < oldestMs) {
            throw new WriteRejectedException(
                    Reason.TOO_OLD,
                    "out of bounds: timestamp " + timestampMs + " of " + series.labels()
                            + " is too old (expected: within the retention of " + options.retention() + " before "
                            + nowMs + ")");
        }
    }

    private MemorySeries seriesFor(WriteBatch batch, int index) throws WriteRejectedException {
        SeriesReference reference = batch.series(index);
        if (reference instanceof MemorySeries known && known.isListed()) {
            return known;
        }
        String project = reference.project();
        Labels labels = reference.labels();
        MemorySeries known = table.find(project, labels);
        if (known != null) {
            return known;
        }
        SeriesKey key = new SeriesKey(project, labels);
        MemorySeries series = created.get(key);
        if (series == null) {
            checkRoom(batch, project, labels);
            createdByProject.merge(project, 1, Integer::sum);
            series = table.newSeries(ids.next(), project, labels);
            table.rememberBlocks(series, firstMs(batch, index));
            created.put(key, series);
        }
        return series;
    }

    /** Time of the first sample that there may be of a series. */
    private static long firstMs(WriteBatch batch, int index) {
        if (batch.to(index) == batch.from(index)) {
            return Long.MAX_VALUE;
        }
        long firstMs = batch.samples().timestampMs(batch.from(index));
        return batch.createdMs(index) > 0 ? Math.min(firstMs, batch.createdMs(index)) : firstMs;
    }

    private void checkRoom(WriteBatch batch, String project, Labels labels) throws WriteRejectedException {
        if (table.seriesCount() + created.size() >= options.maxSeries()) {
            throw new WriteRejectedException(
                    Reason.LIMIT,
                    "no room for series " + labels + " (expected: at most maxSeries = " + options.maxSeries()
                            + " series)");
        }
        int mostOfProject = batch.maxSeriesOf(project);
        int ofProject = table.seriesCount(project) + createdByProject.getOrDefault(project, 0);
        if (mostOfProject > 0 && ofProject >= mostOfProject) {
            throw new WriteRejectedException(
                    Reason.LIMIT,
                    "no room for series " + labels + " (expected: at most maxActiveSeries = " + mostOfProject
                            + " of project \"" + project + "\")");
        }
    }

    private void encode(int firstEntry, List<MetricMetadata> metadata) {
        for (int i = firstEntry; i < entries.size(); i++) {
            MemorySeries series = entries.get(i);
            if (series.takeDefinition(epoch)) {
                codec.define(series);
            }
            codec.add(series.id(), samples, from(i), to(i));
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
