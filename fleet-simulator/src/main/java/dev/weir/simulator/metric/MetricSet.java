package dev.weir.simulator.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All families of one process, in registration order, over one growing array of cells. One writer at a time. */
public final class MetricSet {
    /** The most cells one process may hold; a simulated process that grows beyond is a programming error. */
    static final int MAX_CELLS = 1 << 20;

    private final List<Family> families = new ArrayList<>();
    private final boolean pythonCounters;
    private long[] cells = new long[256];
    private int used;

    /** An empty set; {@code pythonCounters} if the client adds {@code _total} to every counter's name. */
    public MetricSet(boolean pythonCounters) {
        this.pythonCounters = pythonCounters;
    }

    /** Registers a family, or returns it if it is there already. All are registered before the first snapshot. */
    public Family register(MetricType type, String name, String help, Family.Options options) {
        for (Family registered : families) {
            if (registered.name().equals(name)) {
                return registered;
            }
        }
        Family family = new Family(this, type, name, help, options);
        families.add(family);
        return family;
    }

    /** The state of this instant; later changes do not reach it. */
    public Snapshot snapshot(long epochMs) {
        return new Snapshot(this, epochMs, Arrays.copyOf(cells, used));
    }

    boolean pythonCounters() {
        return pythonCounters;
    }

    List<Family> families() {
        return families;
    }

    long[] cells() {
        return cells;
    }

    int allocate(int width) {
        if (used + width > MAX_CELLS) {
            throw new IllegalStateException("cells: " + (used + width) + " (expected: <= " + MAX_CELLS + ")");
        }
        int offset = used;
        used += width;
        if (used > cells.length) {
            cells = Arrays.copyOf(cells, Math.max(used, cells.length * 2));
        }
        return offset;
    }
}
