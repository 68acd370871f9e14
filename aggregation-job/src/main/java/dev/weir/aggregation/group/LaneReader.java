package dev.weir.aggregation.group;

import dev.weir.aggregation.state.Packer;
import java.io.DataInput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Reads a lane out of the entries it is stored as. */
final class LaneReader {
    private final Map<String, byte[]> stored;
    private final Map<Long, Group> groups = new TreeMap<>();

    LaneReader(Map<String, byte[]> stored) {
        this.stored = stored;
    }

    /** @throws IOException if another version of Weir wrote the entries, or they are damaged */
    Lane read() throws IOException {
        Lane lane = Lane.readFacts(entry(LaneEntry.FACTS));
        TreeMap<LaneEntry, String> entries = new TreeMap<>();
        for (String name : stored.keySet()) {
            entries.put(LaneEntry.parse(name), name);
        }
        for (LaneEntry entry : entries.keySet()) {
            switch (entry.kind()) {
                case GROUP -> groups.put(entry.group(), Group.read(entry.group(), entry(entry), lane.windowMs()));
                case TOLD -> readTarget(entry);
                case REQUESTS -> lane.requests().read(entry(entry));
                case LANE, GAUGES -> {
                    // Read before all others, and with what the target told.
                }
            }
        }
        groups.values().forEach(lane::add);
        return lane;
    }

    private void readTarget(LaneEntry told) throws IOException {
        Group group = groups.get(told.group());
        if (group == null) {
            throw new IOException("lane state entry: " + told.text() + " (expected: one of its group, too)");
        }
        group.readTarget(told.of(), entry(told), entry(LaneEntry.gauges(told.group(), told.of())));
    }

    private DataInput entry(LaneEntry entry) throws IOException {
        byte[] value = stored.get(entry.text());
        if (value == null) {
            throw new IOException("lane state: no entry " + entry.text() + " (expected: one)");
        }
        return Packer.unpack(value);
    }
}
