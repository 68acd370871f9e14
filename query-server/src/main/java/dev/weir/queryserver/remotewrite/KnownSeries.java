package dev.weir.queryserver.remotewrite;

import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.WriteBatch;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * The series that requests have named and the store has taken, by the {@link LabelHash} of how they named them: what was
 * decoded and checked once need not be again, as long as it comes again in the same bytes. Holds at most {@value #MAX_SERIES},
 * and forgets what was not asked for while all others were asked for several times over. Reading takes no lock. Thread-safe.
 *
 * <p>Series lie in the order in which they came first. A sender repeats its order, so the one after the one found last is
 * looked at first, and most lookups read memory from front to back.
 */
public final class KnownSeries {
    static final int MAX_SERIES = 2_000_000;

    private static final int LEAST_SLOTS = 1024;

    /** How many times as many lookups as there are series make a round. */
    private static final int LOOKUPS_PER_SERIES = 4;

    private volatile Table table = new Table();
    private long lookups;

    /** What one request is about to ask for. */
    Lookup lookup() {
        return new Lookup(table);
    }

    public int size() {
        return table.size;
    }

    /** Ends a round if it is time: forgets what was not asked for in it. */
    private synchronized void looked(int times) {
        Table before = table;
        lookups += times;
        if (lookups > (long) LOOKUPS_PER_SERIES * before.size + LEAST_SLOTS) {
            lookups = 0;
            table = before.nextRound();
        }
    }

    private synchronized void add(long first, long second, SeriesReference series) {
        table.add(first, second, series);
    }

    /** One request's questions, series after series, and what it learns from their answers. Not thread-safe. */
    final class Lookup {
        /** In place of a series' position, if it was not asked for. */
        private static final int NOT_ASKED = Integer.MIN_VALUE;

        private final Table from;

        /** Where each series of the request is; if it is not there, {@code ~} the place of its hash in {@link #unknown}. */
        private int[] positions = new int[64];

        private int count;

        /** Hashes of two numbers each. */
        private long[] unknown = new long[16];

        private int unknownLength;
        private int next;

        private Lookup(Table from) {
            this.from = from;
        }

        /** The request's next series; null if it is not known. */
        @Nullable
        SeriesReference find(LabelHash hash) {
            int position = from.find(hash.first(), hash.second(), next);
            if (position >= 0) {
                next = position + 1;
                add(position);
                return from.series(position);
            }
            if (unknownLength == unknown.length) {
                unknown = Arrays.copyOf(unknown, 2 * unknownLength);
            }
            add(~unknownLength);
            unknown[unknownLength++] = hash.first();
            unknown[unknownLength++] = hash.second();
            return null;
        }

        /** Passes over the request's next series. */
        void skip() {
            add(NOT_ASKED);
        }

        /** Remembers the series of the request, now that they are stored. */
        void stored(WriteBatch batch) {
            for (int i = 0; i < count; i++) {
                int position = positions[i];
                if (position >= 0) {
                    if (from.series(position) != batch.series(i)) {
                        from.learn(position, batch.series(i));
                    }
                } else if (position != NOT_ASKED) {
                    KnownSeries.this.add(unknown[~position], unknown[~position + 1], batch.series(i));
                }
            }
            looked(count);
        }

        private void add(int position) {
            if (count == positions.length) {
                positions = Arrays.copyOf(positions, 2 * count);
            }
            positions[count++] = position;
        }
    }

    /**
     * Series in pieces of {@value #PIECE}, none of which ever moves, and an index of them. One thread at a time adds, any
     * number reads: what the index or the size tells of is whole.
     */
    private static final class Table {
        private static final int PIECE_BITS = 10;
        private static final int PIECE = 1 << PIECE_BITS;
        private static final int PIECES = MAX_SERIES / PIECE + 1;

        private final long[][] hashes = new long[PIECES][];
        private final SeriesReference[][] series = new SeriesReference[PIECES][];

        /** Whether it was asked for in this round; of several threads that say so, any may win. */
        private final boolean[][] isAsked = new boolean[PIECES][];

        private volatile int size;

        /** Positions and one, 0 where there is none; at most two thirds full. */
        private volatile AtomicIntegerArray slots = new AtomicIntegerArray(LEAST_SLOTS);

        /** @param guess where to look first */
        int find(long first, long second, int guess) {
            int position = guess < size && isAt(guess, first, second) ? guess : indexed(first, second);
            if (position >= 0 && !isAsked[position >> PIECE_BITS][position & PIECE - 1]) {
                isAsked[position >> PIECE_BITS][position & PIECE - 1] = true;
            }
            return position;
        }

        private int indexed(long first, long second) {
            AtomicIntegerArray current = slots;
            int mask = current.length() - 1;
            for (int at = (int) first & mask; ; at = at + 1 & mask) {
                int position = current.get(at) - 1;
                if (position < 0 || isAt(position, first, second)) {
                    return position;
                }
            }
        }

        private boolean isAt(int position, long first, long second) {
            long[] piece = hashes[position >> PIECE_BITS];
            int at = 2 * (position & PIECE - 1);
            return piece[at] == first && piece[at + 1] == second;
        }

        SeriesReference series(int position) {
            return series[position >> PIECE_BITS][position & PIECE - 1];
        }

        void learn(int position, SeriesReference known) {
            series[position >> PIECE_BITS][position & PIECE - 1] = known;
        }

        /** Takes a series, unless it is there or there is no more room. */
        void add(long first, long second, SeriesReference one) {
            int position = size;
            if (position == MAX_SERIES || indexed(first, second) >= 0) {
                return;
            }
            int piece = position >> PIECE_BITS;
            if ((position & PIECE - 1) == 0) {
                hashes[piece] = new long[2 * PIECE];
                series[piece] = new SeriesReference[PIECE];
                isAsked[piece] = new boolean[PIECE];
            }
            hashes[piece][2 * (position & PIECE - 1)] = first;
            hashes[piece][2 * (position & PIECE - 1) + 1] = second;
            series[piece][position & PIECE - 1] = one;
            isAsked[piece][position & PIECE - 1] = true;
            if (3L * (position + 1) > 2L * slots.length()) {
                AtomicIntegerArray wider = new AtomicIntegerArray(2 * slots.length());
                for (int i = 0; i < position; i++) {
                    index(i, wider);
                }
                slots = wider;
            }
            index(position, slots);
            size = position + 1;
        }

        private void index(int position, AtomicIntegerArray into) {
            int mask = into.length() - 1;
            int at = (int) hashes[position >> PIECE_BITS][2 * (position & PIECE - 1)] & mask;
            while (into.get(at) != 0) {
                at = at + 1 & mask;
            }
            into.set(at, position + 1);
        }

        /** A table of what was asked for; this one, if that is all. */
        Table nextRound() {
            int kept = 0;
            for (int i = 0; i < size; i++) {
                kept += isAsked[i >> PIECE_BITS][i & PIECE - 1] ? 1 : 0;
            }
            Table next = kept == size ? this : new Table();
            for (int i = 0; i < size && next != this; i++) {
                if (isAsked[i >> PIECE_BITS][i & PIECE - 1]) {
                    long[] piece = hashes[i >> PIECE_BITS];
                    next.add(piece[2 * (i & PIECE - 1)], piece[2 * (i & PIECE - 1) + 1], series(i));
                }
            }
            for (boolean[] piece : next.isAsked) {
                if (piece != null) {
                    Arrays.fill(piece, false);
                }
            }
            return next;
        }
    }
}
