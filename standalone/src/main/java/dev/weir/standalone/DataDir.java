package dev.weir.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A data directory that belongs to this process alone until it is closed or the process ends, however it ends.
 *
 * <p>In it: {@code lock} (the owner's process id), {@code kafka} (the broker's log), {@code checkpoints} (one folder per
 * job), {@code store} (the query server's), {@code tokens}, {@code intake} (since when pushed events are taken in).
 */
public final class DataDir implements AutoCloseable {
    /** Less free space than this and nothing is started: a broker that fills its disk dies without a word. */
    static final long MIN_FREE_BYTES = 256L << 20;

    /** Less than this while running and Weir stops by itself, while it still can in good order. */
    static final long STOP_FREE_BYTES = 64L << 20;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDir(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates the directory where missing and takes it.
     *
     * @throws StartupException if it cannot be written, is full, or belongs to another process
     */
    public static DataDir open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute);
            long free = Files.getFileStore(absolute).getUsableSpace();
            if (free < MIN_FREE_BYTES) {
                throw new StartupException("data_dir " + absolute + ": " + (free >> 20)
                        + " MiB free (expected: at least " + (MIN_FREE_BYTES >> 20) + " MiB)");
            }
            return lock(absolute);
        } catch (IOException e) {
            throw new StartupException("data_dir " + absolute + ": cannot be used: " + e, e);
        }
    }

    private static DataDir lock(Path path) throws IOException {
        FileChannel channel = FileChannel.open(
                path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            String owner = Files.readString(path.resolve("lock"), StandardCharsets.UTF_8)
                    .strip();
            channel.close();
            throw new StartupException("data_dir " + path + ": in use by process " + owner
                    + " (expected: one Weir per data_dir; stop the other one or give another data_dir)");
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
        return new DataDir(path, channel, lock);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // Another one in this very process.
        }
    }

    /**
     * Does nothing while there is room.
     *
     * @throws StartupException if the disk is about to be full
     */
    public void requireSpaceToGoOn() {
        long free = path.toFile().getUsableSpace();
        if (free < STOP_FREE_BYTES) {
            throw new StartupException(
                    "data_dir " + path + ": disk full, " + (free >> 20) + " MiB left (expected: at least "
                            + (STOP_FREE_BYTES >> 20) + " MiB); stopped before data is lost");
        }
    }

    public Path path() {
        return path;
    }

    public Path kafka() {
        return path.resolve("kafka");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    public Path store() {
        return path.resolve("store");
    }

    /**
     * Since when pushed events are taken in here, in milliseconds since the epoch: the first time that this was asked.
     *
     * @throws StartupException if the file that says so cannot be read or made
     */
    public long takenInSinceMs() {
        Path file = path.resolve("intake");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, System.currentTimeMillis() + "\n");
            }
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException | NumberFormatException e) {
            throw new StartupException(file + ": " + e + " (expected: milliseconds since the epoch)", e);
        }
    }

    public Path tokens() {
        return tokens(path);
    }

    /** The tokens of a data directory, which any process may change. */
    public static Path tokens(Path path) {
        return path.resolve("tokens");
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new StartupException("data_dir " + path + ": cannot release the lock: " + e, e);
        }
    }
}
