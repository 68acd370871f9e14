package dev.weir.queryserver.encoding;

import dev.weir.series.StaleMarker;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ColdChunk}. It keeps the times and the numbers that it unpacked, 8 bytes a sample for each series read and
 * each that these build on, so that no series of a group is unpacked twice; a chunk grows at most a thousandfold. Damaged
 * bytes give other samples or a {@link DamagedChunkException}, and nothing worse: whoever needs to know which has a
 * checksum. Not thread-safe; the bytes are not copied and must not change.
 */
public final class ColdChunkReader {
    private final byte[] bytes;
    private final int[] timeLineOf;

    /** Where each time line begins, and where the last ends. */
    private final int[] timeLineStarts;

    /** Where each series' values begin, and where the last ones end. */
    private final int[] valueStarts;

    private final long[] @Nullable [] timesMs;
    private final long[] @Nullable [] numbers;
    private final long[] block = new long[Residuals.BLOCK];

    public ColdChunkReader(byte[] chunk) {
        this(chunk, 0, chunk.length);
    }

    /** The chunk in the bytes from {@code from} to {@code to}, exclusive. */
    public ColdChunkReader(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        ChunkCursor head = new ChunkCursor(bytes, from, to);
        head.readNumber("version", ColdChunk.VERSION, ColdChunk.VERSION);
        int seriesCount = head.readNumber("series", 1, Math.min(ColdChunk.MAX_SERIES, head.left()));
        int timeLineCount = head.readNumber("time lines", 1, seriesCount);
        timeLineOf = new int[seriesCount];
        for (int i = 0; timeLineCount > 1 && i < seriesCount; i++) {
            timeLineOf[i] = head.readNumber("time line", 0, timeLineCount - 1);
        }
        int[] timeLineLengths = readLengths(head, timeLineCount);
        int[] valueLengths = readLengths(head, seriesCount);
        timeLineStarts = starts(timeLineLengths, head.position());
        valueStarts = starts(valueLengths, timeLineStarts[timeLineCount]);
        if (valueStarts[seriesCount] != to) {
            throw new DamagedChunkException("end of the last series", valueStarts[seriesCount], "" + to);
        }
        timesMs = new long[timeLineCount][];
        numbers = new long[seriesCount][];
    }

    /** How many series the chunk holds. */
    public int seriesCount() {
        return timeLineOf.length;
    }

    /** How many samples a series has, at least one. */
    public int count(int series) {
        return times(series).length;
    }

    /** Writes all samples of a series, from {@code at} on; both arrays have room for them. */
    public void read(int series, long[] timesInto, double[] valuesInto, int at) {
        long[] times = times(series);
        System.arraycopy(times, 0, timesInto, at, times.length);
        long[] own = numbers(series, 0);
        ChunkCursor in = valuesOf(series);
        int form = in.readByte();
        ValueScale.toValues(own, own.length, form & ColdChunk.SCALE_MASK, valuesInto, at);
        if ((form & ColdChunk.HAS_ODD) != 0) {
            readOdd(in, own.length, valuesInto, at);
        }
    }

    private long[] times(int series) {
        int line = timeLineOf[series];
        long @Nullable [] known = timesMs[line];
        if (known != null) {
            return known;
        }
        ChunkCursor in = new ChunkCursor(bytes, timeLineStarts[line], timeLineStarts[line + 1]);
        long[] read = new long[in.readNumber("samples", 1, ColdChunk.MAX_SAMPLES)];
        readSteps(in, read);
        timesMs[line] = read;
        return read;
    }

    private long[] numbers(int series, int depth) {
        long @Nullable [] known = numbers[series];
        if (known != null) {
            return known;
        }
        ChunkCursor in = valuesOf(series);
        int form = in.readByte();
        int scale = form & ColdChunk.SCALE_MASK;
        if (scale > ValueScale.BITS
                || (form & ~(ColdChunk.SCALE_MASK | ColdChunk.BUILDS_ON | ColdChunk.HAS_ODD)) != 0) {
            throw new DamagedChunkException("form of series " + series, form, "one of those written");
        }
        long[] read = new long[count(series)];
        if ((form & ColdChunk.HAS_ODD) != 0) {
            readOdd(in, read.length, null, 0);
        }
        if ((form & ColdChunk.BUILDS_ON) == 0) {
            readSteps(in, read);
        } else {
            int base = in.readNumber("series that series " + series + " builds on", 0, seriesCount() - 1);
            if (depth == ColdChunk.MAX_CHAIN || timeLineOf[base] != timeLineOf[series]) {
                throw new DamagedChunkException(
                        "series that series " + series + " builds on",
                        base,
                        "one of the same time line, in a chain of at most " + ColdChunk.MAX_CHAIN);
            }
            readSteps(in, read);
            add(numbers(base, depth + 1), read);
        }
        numbers[series] = read;
        return read;
    }

    private static void add(long[] more, long[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += more[i];
        }
    }

    private void readSteps(ChunkCursor in, long[] into) {
        into[0] = in.readSigned();
        if (into.length > 1) {
            Residuals.readSums(in, block, into);
        }
    }

    /** Writes the odd values to their places; only reads them where there is no array. */
    private static void readOdd(ChunkCursor in, int count, double @Nullable [] into, int at) {
        int odd = in.readNumber("odd values", 1, count);
        int place = -1;
        for (int i = 0; i < odd; i++) {
            long gap = in.readUnsigned();
            if (gap >>> 1 >= count - 1 - place) {
                throw new DamagedChunkException("place of an odd value", place + 1 + (gap >>> 1), "below " + count);
            }
            place += 1 + (int) (gap >>> 1);
            double value = (gap & 1) == 0 ? StaleMarker.VALUE : Double.longBitsToDouble(in.readFixed64());
            if (into != null) {
                into[at + place] = value;
            }
        }
    }

    private ChunkCursor valuesOf(int series) {
        return new ChunkCursor(bytes, valueStarts[series], valueStarts[series + 1]);
    }

    private static int[] readLengths(ChunkCursor head, int count) {
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = head.readNumber("bytes of a part", 1, Math.max(1, head.left()));
        }
        return lengths;
    }

    private int[] starts(int[] lengths, int first) {
        int[] starts = new int[lengths.length + 1];
        long start = first;
        for (int i = 0; i < lengths.length; i++) {
            starts[i] = (int) start;
            start += lengths[i];
            if (start > bytes.length) {
                throw new DamagedChunkException("end of a part", start, "at most " + bytes.length);
            }
        }
        starts[lengths.length] = (int) start;
        return starts;
    }
}
