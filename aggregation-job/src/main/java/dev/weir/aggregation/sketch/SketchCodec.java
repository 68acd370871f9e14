package dev.weir.aggregation.sketch;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The stored form of a sketch, some two bytes a bin: the version; the octave below which all is zero; the zero count and the
 * sum as doubles; how many bins hold something; then for each its distance to the one before and its count, both as varints,
 * a count that is not whole as 0 and a double.
 */
final class SketchCodec {
    private static final int VERSION = 1;
    private static final double LARGEST_EXACT = 0x1p53;

    private SketchCodec() {}

    static void write(Sketch sketch, DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeInt(sketch.zeroOctave());
        out.writeDouble(sketch.zeroCount());
        out.writeDouble(sketch.sum());
        int[] size = new int[1];
        sketch.forEachBin((index, times) -> size[0]++);
        out.writeInt(size[0]);
        int[] indexes = new int[size[0]];
        double[] counts = new double[size[0]];
        size[0] = 0;
        sketch.forEachBin((index, times) -> {
            indexes[size[0]] = index;
            counts[size[0]++] = times;
        });
        int former = sketch.zeroOctave() << 5;
        for (int i = 0; i < indexes.length; i++) {
            writeVarint(out, indexes[i] - former);
            former = indexes[i];
            if (counts[i] == Math.rint(counts[i]) && counts[i] < LARGEST_EXACT) {
                writeVarint(out, (long) counts[i]);
            } else {
                writeVarint(out, 0);
                out.writeDouble(counts[i]);
            }
        }
    }

    static Sketch read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "sketch");
        Sketch sketch = new Sketch();
        sketch.raiseZero(in.readInt());
        sketch.addZeros(in.readDouble());
        sketch.addSum(in.readDouble());
        int index = sketch.zeroOctave() << 5;
        for (int i = in.readInt(); i > 0; i--) {
            index += (int) readVarint(in);
            long whole = readVarint(in);
            sketch.addToBin(index, whole == 0 ? in.readDouble() : whole);
        }
        return sketch;
    }

    private static void writeVarint(DataOutput out, long value) throws IOException {
        long left = value;
        while (left >= 0x80) {
            out.writeByte((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    private static long readVarint(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.readUnsignedByte();
            value |= (next & 0x7FL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("sketch: a number of more than 10 bytes (expected: a varint)");
    }
}
