package dev.weir.queryserver.store.block;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts damage to files and names each place in the log, once. Thread-safe. */
public final class Damage {
    private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

    /** Beyond this many places, damage is counted but no longer told apart. */
    private static final int MAX_PLACES = 10_000;

    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final LongAdder found = new LongAdder();

    /** Places found since the store was opened. */
    public long count() {
        return found.sum();
    }

    /** Counts places that the log has named already. */
    public void add(long places) {
        found.add(places);
    }

    /** @param consequence what is left out, or how it was repaired */
    public void found(Path file, long offset, long sizeBytes, String consequence) {
        if (named.size() < MAX_PLACES && !named.add(file.getFileName() + "@" + offset)) {
            return;
        }
        found.increment();
        LOG.warn("{}: {} bytes from byte {} on are damaged: {}", file, sizeBytes, offset, consequence);
    }
}
