package dev.weir.aggregation.state;

import java.io.ByteArrayInputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.xerial.snappy.Snappy;

/**
 * Which entries of a stored state have changed: each is known by a name, and one that is not named here stays as it is.
 * Values are compressed by Snappy, since labels repeat each other.
 */
public final class EntryChanges {
    private final Map<String, byte[]> stored = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private final EntryOutput out = new EntryOutput();
    private byte[] compressed = {};

    /** Something that writes itself. */
    @FunctionalInterface
    public interface Content {
        void write(DataOutput out) throws IOException;
    }

    /** The entry is this from now on. */
    public void put(String name, Content content) throws IOException {
        out.clear();
        content.write(out);
        if (compressed.length < Snappy.maxCompressedLength(out.size())) {
            compressed = new byte[Snappy.maxCompressedLength(out.size())];
        }
        int size = Snappy.compress(out.array(), 0, out.size(), compressed, 0);
        removed.remove(name);
        stored.put(name, Arrays.copyOf(compressed, size));
    }

    /** The entry is gone, if it was there. */
    public void remove(String name) {
        stored.remove(name);
        removed.add(name);
    }

    /** Entries that have changed, by name. */
    public Map<String, byte[]> stored() {
        return stored;
    }

    /** Of all entries that have changed, without their names. */
    public long sizeBytes() {
        return stored.values().stream().mapToLong(value -> value.length).sum();
    }

    /** Names of entries that have gone; some may never have been stored. */
    public Set<String> removed() {
        return removed;
    }

    /** What an entry's content wrote. */
    public static DataInput read(byte[] value) throws IOException {
        return new DataInputStream(new ByteArrayInputStream(Snappy.uncompress(value)));
    }
}
