package dev.weir.aggregation.group;

import dev.weir.series.Labels;
import java.io.IOException;
import java.util.Comparator;

/**
 * Name of one of the entries that a lane is stored as, in the order in which they are read.
 *
 * @param group number of the group, which stands for its labels in names; 0 where there is none
 * @param of name of the target, labels of the requests, or ""
 */
record LaneEntry(Kind kind, long group, String of) implements Comparable<LaneEntry> {
    private static final Comparator<LaneEntry> ORDER = Comparator.comparing(LaneEntry::kind)
            .thenComparingLong(LaneEntry::group)
            .thenComparing(LaneEntry::of);

    /** What is true of the lane as a whole, the version of all its entries included. */
    static final LaneEntry FACTS = new LaneEntry(Kind.LANE, 0, "");

    /** What an entry holds, and so how often it changes. */
    enum Kind {
        /** Every window. */
        LANE("lane"),
        /** A group's series and what is made of them: every window. */
        GROUP("group"),
        /** What a target told, its labels: as good as never. */
        TOLD("told"),
        /** Which gauges of a target are live: every scrape. */
        GAUGES("gauges"),
        /** A group of requests: every window in which there are some. */
        REQUESTS("requests");

        /** Stands for the kind in stored state; never changed. */
        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    static LaneEntry group(long group) {
        return new LaneEntry(Kind.GROUP, group, "");
    }

    static LaneEntry told(long group, String target) {
        return new LaneEntry(Kind.TOLD, group, target);
    }

    static LaneEntry gauges(long group, String target) {
        return new LaneEntry(Kind.GAUGES, group, target);
    }

    static LaneEntry requests(Labels group) {
        return new LaneEntry(Kind.REQUESTS, 0, group.toString());
    }

    static LaneEntry parse(String name) throws IOException {
        String[] parts = name.split("/", 3);
        for (Kind kind : Kind.values()) {
            if (parts.length == 3 && parts[0].equals(kind.word) && parts[1].matches("[0-9]{1,18}")) {
                return new LaneEntry(kind, Long.parseLong(parts[1]), parts[2]);
            }
        }
        throw new IOException("lane state entry: " + name + " (expected: a kind that this version of Weir knows)");
    }

    /** The name as it is stored. */
    String text() {
        return kind.word + '/' + group + '/' + of;
    }

    @Override
    public int compareTo(LaneEntry other) {
        return ORDER.compare(this, other);
    }
}
