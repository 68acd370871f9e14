package dev.weir.aggregation.increment;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which cumulative series a scrape has, in order, and where each one's values stand in the scrape's column: the part that
 * scrapes of one layout share. Immutable.
 */
public final class SeriesColumns {
    static final SeriesColumns NONE = new SeriesColumns(new long[0], new int[0], new int[0]);

    private final long[] ids;
    /** Where each series' values end; they begin where those of the one before end. */
    private final int[] ends;
    /** {@link CumulativeSample#layout} of each series. */
    private final int[] layouts;

    private final boolean distinct;

    /**
     * @param ids fingerprints of the series
     * @param ends where each series' values end, ascending
     * @param layouts as {@link CumulativeSample#layout}
     */
    public SeriesColumns(long[] ids, int[] ends, int[] layouts) {
        this.ids = ids.clone();
        this.ends = ends.clone();
        this.layouts = layouts.clone();
        this.distinct = LongStream.of(ids).distinct().count() == ids.length;
    }

    /** The columns of samples that are there. */
    public static SeriesColumns of(List<CumulativeSample> samples) {
        int[] ends = new int[samples.size()];
        int end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += samples.get(i).cumulative().length;
            ends[i] = end;
        }
        return new SeriesColumns(
                samples.stream().mapToLong(CumulativeSample::seriesId).toArray(),
                ends,
                samples.stream().mapToInt(CumulativeSample::layout).toArray());
    }

    /** The number of series. */
    public int size() {
        return ids.length;
    }

    /** The number of all series' values. */
    public int width() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }

    /** Where the series' values begin. */
    public int start(int series) {
        return series == 0 ? 0 : ends[series - 1];
    }

    /** Where the series' values end. */
    public int end(int series) {
        return ends[series];
    }

    public boolean isHistogram(int series) {
        return layouts[series] != CumulativeSample.COUNTER;
    }

    /** Fingerprint of the series. */
    public long id(int series) {
        return ids[series];
    }

    int layout(int series) {
        return layouts[series];
    }

    /** Whether every series is there once. */
    boolean distinct() {
        return distinct;
    }

    /** Whether both are columns of the same series in the same order. */
    boolean sameAs(SeriesColumns other) {
        return this == other
                || (Arrays.equals(ids, other.ids)
                        && Arrays.equals(ends, other.ends)
                        && Arrays.equals(layouts, other.layouts));
    }

    /** The columns of those of the series, in ascending order, alone. */
    SeriesColumns only(int[] series) {
        int[] keptEnds = new int[series.length];
        int end = 0;
        for (int i = 0; i < series.length; i++) {
            end += end(series[i]) - start(series[i]);
            keptEnds[i] = end;
        }
        return new SeriesColumns(
                IntStream.of(series).mapToLong(i -> ids[i]).toArray(),
                keptEnds,
                IntStream.of(series).map(i -> layouts[i]).toArray());
    }

    void write(DataOutput out) throws IOException {
        StateIo.writeLongs(out, ids);
        StateIo.writeInts(out, ends);
        StateIo.writeInts(out, layouts);
    }

    static SeriesColumns read(DataInput in) throws IOException {
        return new SeriesColumns(StateIo.readLongs(in), StateIo.readInts(in), StateIo.readInts(in));
    }
}
