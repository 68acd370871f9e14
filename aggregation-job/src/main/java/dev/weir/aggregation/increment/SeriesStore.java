package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.CountColumn;
import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a target's cumulative series: those of the newest successful scrape as columns, in that scrape's
 * order, so that the next one of the same layout is held against them array by array; the few others by themselves.
 */
final class SeriesStore {
    /** Series of the newest successful scrape that had a usable value in it; all seen at that scrape. */
    SeriesColumns columns = SeriesColumns.NONE;

    double[] cumulative = new double[0];
    /** The newest sum that was told; NaN if none was. */
    double[] sums = new double[0];
    /** Null if none is known. */
    long @Nullable [] createdMs;

    /** Series that the newest successful scrape lacked or had no usable value of. */
    final Map<Long, SeriesMemory> absent = new HashMap<>();

    int size() {
        return columns.size() + absent.size();
    }

    void clear() {
        absent.clear();
        take(SeriesColumns.NONE, new double[0], new double[0], null);
    }

    void take(SeriesColumns of, double[] newCumulative, double[] newSums, long @Nullable [] newCreatedMs) {
        columns = of;
        cumulative = newCumulative;
        sums = newSums;
        createdMs = newCreatedMs;
    }

    long createdMs(int series) {
        return createdMs == null ? ScrapeFacts.UNKNOWN : createdMs[series];
    }

    /**
     * Every series by itself, by its fingerprint; what the caller makes of them is taken back by {@link #close}.
     *
     * @param lastSeenMs of the series that stand in columns
     */
    Map<Long, SeriesMemory> open(long lastSeenMs) {
        Map<Long, SeriesMemory> all = new HashMap<>(absent);
        for (int i = 0; i < columns.size(); i++) {
            all.put(
                    columns.id(i),
                    new SeriesMemory(
                            Arrays.copyOfRange(cumulative, columns.start(i), columns.end(i)),
                            sums[i],
                            createdMs(i),
                            columns.layout(i),
                            lastSeenMs));
        }
        return all;
    }

    /**
     * Keeps {@code all}: in columns what {@code look} saw.
     *
     * @param seen columns of the scrape that it looked at
     */
    void close(Map<Long, SeriesMemory> all, SeriesColumns seen, Object look) {
        absent.clear();
        absent.putAll(all);
        int[] kept = new int[seen.size()];
        SeriesMemory[] memories = new SeriesMemory[kept.length];
        int count = 0;
        boolean created = false;
        for (int i = 0; i < kept.length; i++) {
            SeriesMemory memory = absent.get(seen.id(i));
            // What keeps another layout's values can't stand in this one's columns.
            if (memory != null
                    && memory.seenBy == look
                    && memory.layout == seen.layout(i)
                    && memory.cumulative.length == seen.end(i) - seen.start(i)) {
                absent.remove(seen.id(i));
                created |= memory.createdMs != ScrapeFacts.UNKNOWN;
                memories[count] = memory;
                kept[count++] = i;
            }
        }
        SeriesColumns present = count == kept.length ? seen : seen.only(Arrays.copyOf(kept, count));
        double[] values = new double[present.width()];
        double[] presentSums = new double[count];
        long @Nullable [] presentCreatedMs = created ? new long[count] : null;
        for (int i = 0; i < count; i++) {
            SeriesMemory memory = memories[i];
            System.arraycopy(memory.cumulative, 0, values, present.start(i), memory.cumulative.length);
            presentSums[i] = memory.sum;
            if (presentCreatedMs != null) {
                presentCreatedMs[i] = memory.createdMs;
            }
        }
        take(present, values, presentSums, presentCreatedMs);
    }

    SeriesStore copy() {
        SeriesStore copy = new SeriesStore();
        copy.take(columns, cumulative.clone(), sums.clone(), createdMs == null ? null : createdMs.clone());
        absent.forEach((id, memory) -> copy.absent.put(id, memory.copy()));
        return copy;
    }

    void write(DataOutput out) throws IOException {
        columns.write(out);
        CountColumn.write(out, cumulative);
        StateIo.writeDoubles(out, sums);
        out.writeBoolean(createdMs != null);
        if (createdMs != null) {
            StateIo.writeLongs(out, createdMs);
        }
        out.writeInt(absent.size());
        for (Map.Entry<Long, SeriesMemory> entry : absent.entrySet()) {
            out.writeLong(entry.getKey());
            entry.getValue().write(out);
        }
    }

    static SeriesStore read(DataInput in) throws IOException {
        SeriesStore store = new SeriesStore();
        store.take(
                SeriesColumns.read(in),
                CountColumn.read(in),
                StateIo.readDoubles(in),
                in.readBoolean() ? StateIo.readLongs(in) : null);
        for (int i = in.readInt(); i > 0; i--) {
            store.absent.put(in.readLong(), SeriesMemory.read(in));
        }
        return store;
    }
}
