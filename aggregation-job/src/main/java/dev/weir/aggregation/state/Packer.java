package dev.weir.aggregation.state;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.xerial.snappy.Snappy;

/**
 * Makes the bytes that state is stored as: compressed by Snappy, since labels and layouts repeat each other. Not safe for use by
 * several threads.
 */
public final class Packer {
    private final EntryOutput out = new EntryOutput();
    private byte[] compressed = {};

    /** Something that writes itself. */
    @FunctionalInterface
    public interface Content {
        void write(DataOutput out) throws IOException;
    }

    /** What the content wrote, packed. */
    public byte[] pack(Content content) throws IOException {
        out.clear();
        content.write(out);
        if (compressed.length < Snappy.maxCompressedLength(out.size())) {
            compressed = new byte[Snappy.maxCompressedLength(out.size())];
        }
        return Arrays.copyOf(compressed, Snappy.compress(out.array(), 0, out.size(), compressed, 0));
    }

    /**
     * What a content wrote.
     *
     * @throws IOException if the bytes were not packed by {@link #pack}
     */
    public static DataInput unpack(byte[] packed) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(Snappy.uncompress(packed)));
    }
}
