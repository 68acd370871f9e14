package dev.weir.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to choose ports and bind them, which one process of this user and machine has at a time; two that look for free
 * ports together would find the same ones. Where the lock cannot be had, the claim is none and nothing waits for it.
 */
public final class PortClaim {
    private static final Logger LOG = LoggerFactory.getLogger(PortClaim.class);

    private PortClaim() {}

    /** Runs {@code chooseAndBind} once no other process has the claim, and gives the claim back after it. */
    public static <T> T during(Callable<T> chooseAndBind) throws Exception {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "weir-ports-" + System.getProperty("user.name") + ".lock");
        @Nullable FileChannel channel = lock(file);
        try {
            return chooseAndBind.call();
        } finally {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private static @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock();
            LOG.debug("claimed {}", lock);
            return channel;
        } catch (IOException | OverlappingFileLockException e) {
            LOG.warn("{}: no lock, so another Weir that starts now may take the same ports: {}", file, e.toString());
            if (channel != null) {
                channel.close();
            }
            return null;
        }
    }
}
