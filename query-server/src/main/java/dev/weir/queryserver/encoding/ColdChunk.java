package dev.weir.queryserver.encoding;

import java.util.List;

/**
 * Float samples that will not change any more, in as few bytes as can still be read at hundreds of millions of samples a
 * second. Every bit of every value survives, those of stale markers and other NaNs too. {@link ColdChunkReader} reads it.
 *
 * <p>A chunk holds one series, or better a <i>group</i> of them that were sampled together: times that are equal are stored
 * once, and a series is stored as its difference to another of the group where that is shorter, as the buckets of a
 * histogram to their next, and its count to {@code +Inf}. On vLLM's histograms a series alone takes 1.4 bytes a sample,
 * groups of a pod's 66 take 0.6. The order in a group is of no matter; what should be in one group is all of a histogram,
 * best all of a target (its series less {@code __name__} and {@code le}), cut so that what a query reads at once stays
 * small, say 64 to 128 series. A reader unpacks a series of a group with those it builds on, and keeps these until it is
 * dropped: whoever reads many series of one group should do so from one reader.
 *
 * <pre>
 * chunk:    {@value #VERSION}; number of series; number of time lines; if that is above one: each series' time line;
 *           the length in bytes of each time line, and of each series' values; time lines; values
 * time line: count of samples; first time; if there are more: {@link Residuals} of the intervals
 * values:   form, one byte: {@link ValueScale}, + {@value #BUILDS_ON} if they build on another series, + {@value #HAS_ODD}
 *           if odd values follow;
 *           odd values: their count, each: 2 * distance from the odd one before (+ 1 if not a stale marker: its 8 bytes);
 *           the number of the series they build on; first number; if there are more: residuals of the differences of each
 *           number to the one before
 * </pre>
 *
 * Counts and places are LEB128, what may be negative is zigzagged before. The numbers of a series that builds on another are
 * their differences to the other's. An odd value is one that its series' scale has no number for; in the row of numbers the
 * one before stands in its place.
 */
public final class ColdChunk {
    /** Samples of one series. */
    public static final int MAX_SAMPLES = 1 << 16;

    /** Series of one group. */
    public static final int MAX_SERIES = 1 << 12;

    /** How many series one series may lead to by building on one that builds on one ... */
    static final int MAX_CHAIN = 32;

    static final int VERSION = 1;
    static final int SCALE_MASK = 0x1f;
    static final int BUILDS_ON = 0x20;
    static final int HAS_ODD = 0x40;

    private ColdChunk() {}

    /** A chunk of one series: the first {@code count} of these times, which ascend, and values. */
    public static byte[] encode(long[] timesMs, double[] values, int count) {
        return encode(List.of(new ColdSeries(timesMs, values, count)));
    }

    /** A chunk of some series, which a reader knows by their place in the list. */
    public static byte[] encode(List<ColdSeries> group) {
        if (group.isEmpty() || group.size() > MAX_SERIES) {
            throw new IllegalArgumentException(
                    "series of a group: " + group.size() + " (expected: from 1 to maxSeries = " + MAX_SERIES + ")");
        }
        return new ColdChunkWriter(group).write();
    }
}
