package dev.weir.aggregation.report;

import dev.weir.aggregation.state.HistogramIo;
import dev.weir.series.FloatHistogram;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a native histogram gained in one scrape, of which the increment of the same series has the count.
 *
 * @param increment index among the scrape's increments
 */
public record NativeGain(int increment, FloatHistogram gained) {
    void write(DataOutput out) throws IOException {
        out.writeInt(increment);
        HistogramIo.write(out, gained);
    }

    static NativeGain read(DataInput in) throws IOException {
        return new NativeGain(in.readInt(), HistogramIo.read(in));
    }
}
