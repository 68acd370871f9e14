package dev.weir.aggregation.group;

import dev.weir.aggregation.state.EntryChanges;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** A lane's entries as a state backend keeps them: what was stored last of each, whenever that was. */
public final class StoredLane {
    private final TreeMap<String, byte[]> entries = new TreeMap<>();

    /** Takes what changed since the last call. */
    public void store(Lane lane) {
        try {
            EntryChanges changes = lane.drainChanges();
            entries.putAll(changes.stored());
            entries.keySet().removeAll(changes.removed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lane as it is after a restart. */
    public Lane restart(Lane lane) {
        store(lane);
        try {
            return Lane.read(entries);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, byte[]> entries() {
        return entries;
    }

    int sizeBytes() {
        return entries.values().stream().mapToInt(value -> value.length).sum();
    }
}
