package dev.weir.aggregation.profile;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** Which part of a histogram or summary is meant. */
public enum Part {
    /** All of it; of a counter or gauge its value. */
    WHOLE(0),
    COUNT(1),
    SUM(2);

    /** Stands for the part in stored state; never reused. */
    private final int code;

    Part(int code) {
        this.code = code;
    }

    /** How data files name a part that is not the whole. */
    public static Map<String, Part> words() {
        return Map.of("count", COUNT, "sum", SUM);
    }

    public void write(DataOutput out) throws IOException {
        out.writeByte(code);
    }

    public static Part read(DataInput in) throws IOException {
        int code = in.readByte();
        for (Part part : values()) {
            if (part.code == code) {
                return part;
            }
        }
        throw new IOException("part: " + code + " (expected: 0 to 2)");
    }
}
