package dev.weir.queryserver.store;

import dev.weir.queryserver.encoding.ByteReader;
import dev.weir.queryserver.encoding.HistogramCodec;
import dev.weir.series.FloatHistogram;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/**
 * Reads log records, one after another, and numbers the series that they define from 0 on. Not thread-safe; what it has read
 * may be used elsewhere.
 */
final class RecordReader {
    private final SeriesNumbers numbers = new SeriesNumbers();
    private final LabelPool pool;
    private final TextCache texts;
    private final LabelHasher hasher = new LabelHasher();
    private final RepeatedTexts row = new RepeatedTexts();

    /** @param pool of labels; nobody else may use it meanwhile */
    RecordReader(LabelPool pool) {
        this.pool = pool;
        this.texts = new TextCache(pool);
    }

    /**
     * A series named for the first time.
     *
     * @param hash of the labels, by {@link LabelHasher}
     */
    record Definition(long id, String project, Labels labels, int hash) {}

    /** What a record says, as far as it can be read. */
    static final class LogRecord {
        /** These have the numbers after those of the records before. */
        private final List<Definition> definitions = new ArrayList<>();

        private final List<MetricMetadata> metadata = new ArrayList<>();
        private final SampleList samples = new SampleList();
        private int[] series = new int[64];
        private int[] ends = new int[64];
        private int size;
        private long newestId;
        private long oldestMs = Long.MAX_VALUE;
        private @Nullable String damage;

        private void endSeries(int number) {
            if (size == series.length) {
                series = Arrays.copyOf(series, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
            }
            series[size] = number;
            ends[size++] = samples.size();
        }

        List<Definition> definitions() {
            return definitions;
        }

        List<MetricMetadata> metadata() {
            return metadata;
        }

        /** How many times a series has samples here. */
        int entryCount() {
            return size;
        }

        /** The number of an entry's series; -1 if no record has defined it. */
        int series(int entry) {
            return series[entry];
        }

        int from(int entry) {
            return entry == 0 ? 0 : ends[entry - 1];
        }

        int to(int entry) {
            return ends[entry];
        }

        SampleList samples() {
            return samples;
        }

        /** Time of the oldest sample; far ahead if there is none. */
        long oldestMs() {
            return oldestMs;
        }

        /** The greatest of the numbers by which the log names series. */
        long newestId() {
            return newestId;
        }

        /** Why the rest cannot be read; null if there is none. */
        @Nullable
        String damage() {
            return damage;
        }
    }

    /** @throws IOException if it is of another version than this reads; checksums say that it is not just damaged */
    LogRecord read(byte[] payload) throws IOException {
        LogRecord record = new LogRecord();
        int version = RecordCodec.VERSION;
        try {
            ByteReader in = new ByteReader(Snappy.uncompress(payload));
            version = in.readByte();
            if (version == RecordCodec.VERSION) {
                read(in, record);
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            record.damage = "log record of " + payload.length + " bytes: " + e.getMessage();
        }
        if (version != RecordCodec.VERSION) {
            throw new IOException("log record of version " + version + " (expected: " + RecordCodec.VERSION
                    + "): another version of Weir wrote it");
        }
        return record;
    }

    private void read(ByteReader in, LogRecord record) {
        readDefinitions(in, record);
        for (int i = in.readCount(); i > 0; i--) {
            record.metadata.add(new MetricMetadata(
                    in.readString(), in.readString(), in.readString(), in.readString(), in.readString()));
        }
        readSamples(in, record);
    }

    private void readDefinitions(ByteReader in, LogRecord record) {
        row.clear();
        long id = 0;
        for (int i = in.readCount(); i > 0; i--) {
            id += in.readSigned();
            String[] names = new String[in.readCount()];
            String[] values = new String[names.length];
            String project = row.read(0, in, texts);
            for (int k = 0; k < names.length; k++) {
                names[k] = row.read(2 * k + 1, in, texts);
                values[k] = row.read(2 * k + 2, in, texts);
            }
            if (numbers.get(id) < 0) {
                Labels labels = Labels.ofSorted(pool.sharedNames(names), values);
                record.definitions.add(new Definition(id, project, labels, hasher.hash(labels)));
                record.newestId = Math.max(record.newestId, id);
                numbers.add(id);
            }
        }
    }

    private void readSamples(ByteReader in, LogRecord record) {
        long id = 0;
        long timestampMs = 0;
        for (int i = in.readCount(); i > 0; i--) {
            id += in.readSigned();
            record.newestId = Math.max(record.newestId, id);
            long header = in.readUnsigned();
            boolean hasHistograms = (header & 1) == 1;
            for (long k = header >>> 1; k > 0; k--) {
                timestampMs += in.readSigned();
                record.oldestMs = Math.min(record.oldestMs, timestampMs);
                boolean isHistogram = hasHistograms && in.readByte() == 1;
                FloatHistogram histogram = isHistogram ? HistogramCodec.read(in) : null;
                record.samples.add(timestampMs, isHistogram ? 0 : in.readDouble(), histogram);
            }
            record.endSeries(numbers.get(id));
        }
    }
}
