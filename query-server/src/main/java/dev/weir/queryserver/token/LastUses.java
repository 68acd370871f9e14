package dev.weir.queryserver.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each token was last used, on disk once a {@link #WRITE_EVERY} and at the end: a help to whoever cleans up, so that
 * losing the last minute at a crash does not matter. Written by the server alone. Thread-safe.
 */
final class LastUses implements AutoCloseable {
    static final Duration WRITE_EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(LastUses.class);

    private final Path file;
    private final Map<String, Instant> uses = new ConcurrentHashMap<>();
    private final AtomicReference<Instant> written = new AtomicReference<>(Instant.EPOCH);

    private LastUses(Path file) {
        this.file = file;
    }

    static LastUses open(Path directory) throws IOException {
        LastUses lastUses = new LastUses(directory.resolve("last-used"));
        lastUses.uses.putAll(lastUses.read());
        return lastUses;
    }

    void note(String id, Instant now) {
        uses.put(id, now);
        Instant last = written.get();
        if (Duration.between(last, now).compareTo(WRITE_EVERY) >= 0 && written.compareAndSet(last, now)) {
            write();
        }
    }

    /** What the disk says, by the tokens' ids; a line that is none is passed over. */
    Map<String, Instant> read() throws IOException {
        Map<String, Instant> read = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] fields = line.split("\t", 2);
                read.put(fields[0], Instant.parse(fields[fields.length - 1]));
            }
        } catch (NoSuchFileException e) {
            return read;
        } catch (DateTimeException e) {
            LOG.warn("{}: {}", file, e.getMessage());
        }
        return read;
    }

    @Override
    public void close() {
        if (!uses.isEmpty()) {
            write();
        }
    }

    private synchronized void write() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(uses)
                .forEach((id, used) -> text.append(id).append('\t').append(used).append('\n'));
        try {
            Path next = file.resolveSibling("last-used.next");
            Files.writeString(next, text, StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{}: {}", file, e.toString());
        }
    }
}
