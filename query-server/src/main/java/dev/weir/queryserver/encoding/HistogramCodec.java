package dev.weir.queryserver.encoding;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import dev.weir.series.FloatHistogram.ResetHint;
import java.util.List;

/**
 * A native histogram in bytes, exactly: schema, reset hint, count, sum, zero bucket, both sides, custom bounds. A count
 * that is an integer below 2^53 takes a variable-length number, any other its eight bytes.
 */
public final class HistogramCodec {
    /** A hint's number is its place here, which never changes. */
    private static final List<ResetHint> HINTS =
            List.of(ResetHint.UNKNOWN, ResetHint.RESET, ResetHint.NOT_RESET, ResetHint.GAUGE);

    private static final long MAX_EXACT = 1L << 53;

    private HistogramCodec() {}

    public static void write(FloatHistogram histogram, ByteWriter out) {
        out.writeSigned(histogram.schema());
        out.writeByte(HINTS.indexOf(histogram.resetHint()));
        writeNumber(histogram.count(), out);
        out.writeDouble(histogram.sum());
        out.writeDouble(histogram.zeroThreshold());
        writeNumber(histogram.zeroCount(), out);
        writeBuckets(histogram.positive(), out);
        writeBuckets(histogram.negative(), out);
        out.writeUnsigned(histogram.customBoundCount());
        for (int i = 0; i < histogram.customBoundCount(); i++) {
            out.writeDouble(histogram.customBound(i));
        }
    }

    public static FloatHistogram read(ByteReader in) {
        int schema = (int) in.readSigned();
        FloatHistogram.Builder histogram = FloatHistogram.builder()
                .resetHint(HINTS.get(in.readByte()))
                .count(readNumber(in))
                .sum(in.readDouble())
                .zero(in.readDouble(), readNumber(in))
                .positive(readBuckets(in))
                .negative(readBuckets(in));
        double[] bounds = new double[in.readCount()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = in.readDouble();
        }
        if (bounds.length > 0) {
            histogram.customBounds(bounds);
        }
        return histogram.schema(schema).build();
    }

    private static void writeBuckets(BucketCounts buckets, ByteWriter out) {
        out.writeUnsigned(buckets.size());
        int previous = 0;
        for (int i = 0; i < buckets.size(); i++) {
            out.writeSigned((long) buckets.index(i) - previous);
            previous = buckets.index(i);
            writeNumber(buckets.count(i), out);
        }
    }

    private static BucketCounts readBuckets(ByteReader in) {
        int[] indexes = new int[in.readCount()];
        double[] counts = new double[indexes.length];
        int previous = 0;
        for (int i = 0; i < indexes.length; i++) {
            previous += (int) in.readSigned();
            indexes[i] = previous;
            counts[i] = readNumber(in);
        }
        return BucketCounts.of(indexes, counts);
    }

    /** 2n + 1 stands for the integer n; 0 announces eight bytes. */
    private static void writeNumber(double value, ByteWriter out) {
        long integer = (long) value;
        boolean isExact = integer >= 0
                && integer < MAX_EXACT
                && Double.doubleToRawLongBits((double) integer) == Double.doubleToRawLongBits(value);
        if (isExact) {
            out.writeUnsigned(integer << 1 | 1);
        } else {
            out.writeUnsigned(0);
            out.writeDouble(value);
        }
    }

    private static double readNumber(ByteReader in) {
        long integer = in.readUnsigned();
        return integer == 0 ? in.readDouble() : integer >>> 1;
    }
}
