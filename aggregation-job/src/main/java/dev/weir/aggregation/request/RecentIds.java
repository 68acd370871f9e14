package dev.weir.aggregation.request;

import dev.weir.aggregation.state.StateIo;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Requests of the last ten minutes, one part of {@link #SHARDS}: so that a request that is told twice is counted once. Some 32
 * to 96 bytes each. Not safe for use by several threads.
 */
public final class RecentIds {
    /** Into so many parts are all requests divided by their ids, whatever the parallelism; never changed. */
    public static final int SHARDS = 1_024;

    /** How long a request is remembered, in broker time. */
    public static final long REMEMBERED_MS = 600_000;

    /**
     * Most requests that a shard remembers, 33 million in all; beyond it those of the older half of the time they span are
     * forgotten early, which is counted.
     */
    public static final int MAX_IDS = 32_768;

    private static final int VERSION = 1;
    private static final int LEAST_SLOTS = 16;
    private static final long EMPTY = 0;

    /** Open addressing; as long as there is no other at the place, {@link #EMPTY}. */
    private long[] ids = new long[LEAST_SLOTS];

    private long[] seenMs = new long[LEAST_SLOTS];
    private int size;
    private long newestMs = Long.MIN_VALUE;
    private long forgotten;

    /** The shard of an id. */
    public static int shard(long id) {
        return (int) (id >>> 32) & (SHARDS - 1);
    }

    /**
     * Whether the request was not told in the ten minutes before; it is remembered from now on.
     *
     * @param appendMs broker time of the event
     */
    public boolean isNew(long id, long appendMs) {
        long key = id == EMPTY ? 1 : id;
        newestMs = Math.max(newestMs, appendMs);
        int slot = slot(key);
        if (ids[slot] == key) {
            boolean expired = appendMs - seenMs[slot] > REMEMBERED_MS;
            if (expired) {
                seenMs[slot] = appendMs;
            }
            return expired;
        }
        if (size == MAX_IDS || (size + 1) * 2 > ids.length) {
            makeRoom();
        }
        put(key, appendMs);
        return true;
    }

    /** When the newest request will be forgotten. */
    public long expiresMs() {
        return newestMs + REMEMBERED_MS;
    }

    /** How many requests were forgotten early since this was last asked. */
    public long drainForgotten() {
        long drained = forgotten;
        forgotten = 0;
        return drained;
    }

    public int size() {
        return size;
    }

    private void makeRoom() {
        rebuild(newestMs - REMEMBERED_MS);
        if (size == MAX_IDS) {
            long oldestMs = newestMs;
            for (int i = 0; i < ids.length; i++) {
                oldestMs = ids[i] == EMPTY ? oldestMs : Math.min(oldestMs, seenMs[i]);
            }
            rebuild(oldestMs + (newestMs - oldestMs) / 2 + 1);
            forgotten += MAX_IDS - size;
        }
    }

    /** Drops what was seen before, and leaves room for half as much again as there is. */
    private void rebuild(long fromMs) {
        long[] formerIds = ids;
        long[] formerMs = seenMs;
        int kept = 0;
        for (int i = 0; i < formerIds.length; i++) {
            kept += formerIds[i] != EMPTY && formerMs[i] >= fromMs ? 1 : 0;
        }
        allocate(kept);
        for (int i = 0; i < formerIds.length; i++) {
            if (formerIds[i] != EMPTY && formerMs[i] >= fromMs) {
                put(formerIds[i], formerMs[i]);
            }
        }
    }

    private void allocate(int expected) {
        int slots = LEAST_SLOTS;
        while (slots < 3 * expected) {
            slots *= 2;
        }
        ids = new long[slots];
        seenMs = new long[slots];
        size = 0;
    }

    private void put(long key, long timeMs) {
        int slot = slot(key);
        ids[slot] = key;
        seenMs[slot] = timeMs;
        size++;
    }

    /** Where the id stands, or the empty place for it. */
    private int slot(long id) {
        int slot = (int) (id ^ (id >>> 17)) & (ids.length - 1);
        while (ids[slot] != EMPTY && ids[slot] != id) {
            slot = (slot + 1) & (ids.length - 1);
        }
        return slot;
    }

    public RecentIds copy() {
        RecentIds copy = new RecentIds();
        copy.ids = ids.clone();
        copy.seenMs = seenMs.clone();
        copy.size = size;
        copy.newestMs = newestMs;
        copy.forgotten = forgotten;
        return copy;
    }

    public void write(DataOutput out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(newestMs);
        long fromMs = newestMs - REMEMBERED_MS;
        int living = 0;
        for (int i = 0; i < ids.length; i++) {
            living += ids[i] != EMPTY && seenMs[i] >= fromMs ? 1 : 0;
        }
        out.writeInt(living);
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != EMPTY && seenMs[i] >= fromMs) {
                out.writeLong(ids[i]);
                out.writeInt((int) (newestMs - seenMs[i]));
            }
        }
    }

    public static RecentIds read(DataInput in) throws IOException {
        StateIo.expectVersion(in, VERSION, "recent request ids");
        RecentIds recent = new RecentIds();
        recent.newestMs = in.readLong();
        int size = in.readInt();
        recent.allocate(size);
        for (int i = 0; i < size; i++) {
            recent.put(in.readLong(), recent.newestMs - in.readInt());
        }
        return recent;
    }
}
