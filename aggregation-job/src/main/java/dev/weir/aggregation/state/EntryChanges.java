package dev.weir.aggregation.state;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which entries of a stored state have changed: each is known by a name, and one that is not named here stays as it is.
 */
public final class EntryChanges {
    private final Map<String, byte[]> stored = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private final Packer packer = new Packer();

    /** The entry is this from now on. */
    public void put(String name, Packer.Content content) throws IOException {
        byte[] packed = packer.pack(content);
        removed.remove(name);
        stored.put(name, packed);
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
}
