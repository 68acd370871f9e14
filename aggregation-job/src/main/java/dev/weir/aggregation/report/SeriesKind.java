package dev.weir.aggregation.report;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Shape of a cumulative output series. */
public enum SeriesKind {
    COUNTER(0),
    /** {@code _bucket}, {@code _count} and {@code _sum}. */
    HISTOGRAM(1),
    /** {@code _count} and {@code _sum} of a summary; kept as a histogram of the one bucket +Inf. */
    SUMMARY(2);

    /** Stands for the kind in stored state; never reused. */
    private final int code;

    SeriesKind(int code) {
        this.code = code;
    }

    public void write(DataOutput out) throws IOException {
        out.writeByte(code);
    }

    public static SeriesKind read(DataInput in) throws IOException {
        int code = in.readByte();
        for (SeriesKind kind : values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        throw new IOException("series kind: " + code + " (expected: 0 to 2)");
    }
}
