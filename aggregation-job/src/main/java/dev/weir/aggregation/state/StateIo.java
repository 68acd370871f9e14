package dev.weir.aggregation.state;

import dev.weir.series.Labels;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Strings and labels of any length, which {@link DataOutput#writeUTF} cannot take, and arrays, which go in one piece: number
 * by number through the streams of a checkpoint is several times dearer.
 */
public final class StateIo {
    private StateIo() {}

    public static void writeString(DataOutput out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    public static String readString(DataInput in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    public static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    public static byte[] readBytes(DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    public static void writeLabels(DataOutput out, Labels labels) throws IOException {
        out.writeInt(labels.size());
        for (int i = 0; i < labels.size(); i++) {
            writeString(out, labels.name(i));
            writeString(out, labels.value(i));
        }
    }

    public static Labels readLabels(DataInput in) throws IOException {
        String[] pairs = new String[in.readInt() * 2];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = LabelStrings.share(readString(in));
        }
        return Labels.ofSorted(pairs);
    }

    public static void writeLabels(DataOutput out, List<Labels> all) throws IOException {
        out.writeInt(all.size());
        for (Labels labels : all) {
            writeLabels(out, labels);
        }
    }

    public static List<Labels> readLabelsList(DataInput in) throws IOException {
        List<Labels> all = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            all.add(readLabels(in));
        }
        return all;
    }

    public static void writeDoubles(DataOutput out, double[] values) throws IOException {
        byte[] bytes = new byte[Integer.BYTES + values.length * Double.BYTES];
        ByteBuffer.wrap(bytes).putInt(values.length).asDoubleBuffer().put(values);
        out.write(bytes);
    }

    public static double[] readDoubles(DataInput in) throws IOException {
        double[] values = new double[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readDouble();
        }
        return values;
    }

    public static void writeLongs(DataOutput out, long[] values) throws IOException {
        byte[] bytes = new byte[Integer.BYTES + values.length * Long.BYTES];
        ByteBuffer.wrap(bytes).putInt(values.length).asLongBuffer().put(values);
        out.write(bytes);
    }

    public static long[] readLongs(DataInput in) throws IOException {
        long[] values = new long[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readLong();
        }
        return values;
    }

    public static void writeInts(DataOutput out, int[] values) throws IOException {
        byte[] bytes = new byte[Integer.BYTES + values.length * Integer.BYTES];
        ByteBuffer.wrap(bytes).putInt(values.length).asIntBuffer().put(values);
        out.write(bytes);
    }

    public static int[] readInts(DataInput in) throws IOException {
        int[] values = new int[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    /**
     * Reads the version that a stored state begins with.
     *
     * @throws IOException if it is not the one that this code reads
     */
    public static void expectVersion(DataInput in, int expected, String what) throws IOException {
        int version = in.readByte();
        if (version != expected) {
            String by = version > expected ? "; a newer Weir wrote it" : "; an older Weir wrote it";
            throw new IOException(what + " version: " + version + " (expected: " + expected + by + ")");
        }
    }
}
