package dev.weir.aggregation.state;

import dev.weir.series.BucketCounts;
import dev.weir.series.FloatHistogram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Native histograms in stored state; without custom bounds and reset hints, which no counter read from a page has. */
public final class HistogramIo {
    private HistogramIo() {}

    public static void write(DataOutput out, FloatHistogram histogram) throws IOException {
        out.writeByte(histogram.schema());
        out.writeDouble(histogram.count());
        out.writeDouble(histogram.sum());
        out.writeDouble(histogram.zeroThreshold());
        out.writeDouble(histogram.zeroCount());
        write(out, histogram.positive());
        write(out, histogram.negative());
    }

    public static FloatHistogram read(DataInput in) throws IOException {
        int schema = in.readByte();
        double count = in.readDouble();
        double sum = in.readDouble();
        double zeroThreshold = in.readDouble();
        double zeroCount = in.readDouble();
        return FloatHistogram.builder()
                .schema(schema)
                .count(count)
                .sum(sum)
                .zero(zeroThreshold, zeroCount)
                .positive(readBuckets(in))
                .negative(readBuckets(in))
                .build();
    }

    private static void write(DataOutput out, BucketCounts buckets) throws IOException {
        out.writeInt(buckets.size());
        for (int i = 0; i < buckets.size(); i++) {
            out.writeInt(buckets.index(i));
            out.writeDouble(buckets.count(i));
        }
    }

    private static BucketCounts readBuckets(DataInput in) throws IOException {
        int[] indexes = new int[in.readInt()];
        double[] counts = new double[indexes.length];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = in.readInt();
            counts[i] = in.readDouble();
        }
        return BucketCounts.of(indexes, counts);
    }
}
