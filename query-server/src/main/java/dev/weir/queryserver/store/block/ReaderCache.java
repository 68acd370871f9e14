package dev.weir.queryserver.store.block;

import dev.weir.queryserver.encoding.ColdChunkReader;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The chunks read last, so that the series of a group, which are read one after another, unpack once what they build on. Holds
 * at most about {@link #MAX_BYTES} of unpacked samples. Thread-safe; a reader is used by one thread at a time, which
 * synchronizes on it.
 */
final class ReaderCache {
    static final long MAX_BYTES = 32 << 20;

    /** A packed sample takes some half a byte, an unpacked one eight. */
    private static final int UNPACKED_RATIO = 16;

    private record Key(Block block, long at) {}

    private record Entry(ColdChunkReader reader, long sizeBytes) {}

    private final Map<Key, Entry> readers = new LinkedHashMap<>(64, 0.75f, true);
    private long sizeBytes;

    /** @return null if it is not here */
    synchronized @org.jspecify.annotations.Nullable ColdChunkReader get(Block block, long at) {
        Entry entry = readers.get(new Key(block, at));
        return entry == null ? null : entry.reader;
    }

    synchronized void put(Block block, long at, ColdChunkReader reader, int chunkBytes) {
        Entry entry = new Entry(reader, (long) chunkBytes * UNPACKED_RATIO + 1024);
        Entry before = readers.put(new Key(block, at), entry);
        sizeBytes += entry.sizeBytes - (before == null ? 0 : before.sizeBytes);
        var oldest = readers.entrySet().iterator();
        while (sizeBytes > MAX_BYTES && oldest.hasNext()) {
            sizeBytes -= oldest.next().getValue().sizeBytes;
            oldest.remove();
        }
    }

    synchronized void forget(Block block) {
        readers.entrySet().removeIf(entry -> {
            boolean isOfBlock = entry.getKey().block == block;
            sizeBytes -= isOfBlock ? entry.getValue().sizeBytes : 0;
            return isOfBlock;
        });
    }
}
