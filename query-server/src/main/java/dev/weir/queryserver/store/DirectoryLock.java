package dev.weir.queryserver.store;

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

/** Keeps a second process out of a directory. Released by {@link #close} or the end of the process, however it ends. */
record DirectoryLock(FileChannel channel) implements AutoCloseable {
    private static final String NAME = "lock";
    private static final int MAX_PID_BYTES = 32;

    /** @throws IOException naming the directory and its owner's process id if another holds the lock */
    static DirectoryLock take(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel = FileChannel.open(
                directory.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            ByteBuffer owner = ByteBuffer.allocate(MAX_PID_BYTES);
            channel.read(owner, 0);
            channel.close();
            String pid = new String(owner.array(), 0, owner.position(), StandardCharsets.US_ASCII).trim();
            throw new IOException("data directory " + directory.toAbsolutePath().normalize() + " is in use by "
                    + (pid.isEmpty() ? "another process" : "process " + pid) + " (expected: one server per directory)");
        }
        channel.truncate(0);
        String pid = ProcessHandle.current().pid() + "\n";
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
        return new DirectoryLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
