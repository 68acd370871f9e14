package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.store.SeriesReference;
import dev.weir.series.Labels;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The series that requests have named, by the {@link LabelHash} of how they named them: what was decoded and checked once
 * need not be again, as long as it comes again in the same bytes. Holds at most {@value #MAX_SERIES}, and forgets what was
 * not asked for while all others were asked for several times over. Reading takes no lock. Thread-safe.
 */
public final class KnownSeries {
    static final int MAX_SERIES = 2_000_000;

    private static final int LEAST_SLOTS = 1024;

    /** How many times as many lookups as there are series make a round. */
    private static final int LOOKUPS_PER_SERIES = 4;

    private static final class Entry extends SeriesReference {
        private final long first;
        private final long second;

        /** The round in which it was last asked for; of several threads that write it, any may win. */
        private int lastRound;

        private Entry(LabelHash hash, String project, Labels labels, int round) {
            super(project, labels);
            this.first = hash.first();
            this.second = hash.second();
            this.lastRound = round;
        }
    }

    /** At most half full; an entry never goes from an array that readers may have. */
    private volatile AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(LEAST_SLOTS);

    private volatile int round;
    private int size;
    private long lookups;

    /** The series of these labels; null if it is not known. */
    @Nullable
    SeriesReference find(LabelHash hash) {
        AtomicReferenceArray<@Nullable Entry> current = slots;
        int mask = current.length() - 1;
        for (int at = (int) hash.first() & mask; ; at = at + 1 & mask) {
            Entry entry = current.get(at);
            if (entry == null) {
                return null;
            }
            if (entry.first == hash.first() && entry.second == hash.second()) {
                if (entry.lastRound != round) {
                    entry.lastRound = round;
                }
                return entry;
            }
        }
    }

    /** Takes a series that was not found. */
    synchronized SeriesReference add(LabelHash hash, String project, Labels labels) {
        Entry entry = new Entry(hash, project, labels, round);
        if (size >= MAX_SERIES) {
            return entry;
        }
        if (2 * (size + 1) > slots.length()) {
            resize(Integer.MIN_VALUE);
        }
        insert(entry, slots);
        return entry;
    }

    /** Counts what a request has asked for. */
    synchronized void looked(int times) {
        lookups += times;
        if (lookups > (long) LOOKUPS_PER_SERIES * size + LEAST_SLOTS) {
            lookups = 0;
            resize(round);
            round++;
        }
    }

    synchronized int size() {
        return size;
    }

    /** Keeps what was asked for in this round or a later one. */
    private void resize(int leastRound) {
        AtomicReferenceArray<@Nullable Entry> before = slots;
        int kept = 0;
        for (int i = 0; i < before.length(); i++) {
            Entry entry = before.get(i);
            kept += entry != null && entry.lastRound >= leastRound ? 1 : 0;
        }
        int length = LEAST_SLOTS;
        while (length < 2 * (kept + 1)) {
            length *= 2;
        }
        if (kept == size && length == before.length()) {
            return;
        }
        AtomicReferenceArray<@Nullable Entry> after = new AtomicReferenceArray<>(length);
        size = 0;
        for (int i = 0; i < before.length(); i++) {
            Entry entry = before.get(i);
            if (entry != null && entry.lastRound >= leastRound) {
                insert(entry, after);
            }
        }
        slots = after;
    }

    private void insert(Entry entry, AtomicReferenceArray<@Nullable Entry> into) {
        int mask = into.length() - 1;
        int at = (int) entry.first & mask;
        while (true) {
            Entry there = into.get(at);
            if (there == null) {
                into.set(at, entry);
                size++;
                return;
            }
            if (there.first == entry.first && there.second == entry.second) {
                return;
            }
            at = at + 1 & mask;
        }
    }
}
