package dev.weir.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds loopback ports, and keeps the found ones over restarts so that what people wrote down stays true. */
public final class Ports {
    private Ports() {}

    /** Whether a server could listen on the loopback port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The first free port from {@code preferred} on, of {@code count}; without one, any that the system gives. */
    public static int freeFrom(int preferred, int count) {
        for (int port = preferred; port < preferred + count; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new StartupException("no free port on " + InetAddress.getLoopbackAddress() + ": " + e, e);
        }
    }

    /**
     * The port that {@code file} names if it is free, else one as by {@link #freeFrom}, which the file then names.
     *
     * @throws StartupException if the file cannot be written
     */
    public static int remembered(Path file, int preferred, int count) {
        try {
            Optional<Integer> last = read(file);
            if (last.isPresent() && isFree(last.get())) {
                return last.get();
            }
            int port = freeFrom(preferred, count);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, port + "\n");
            return port;
        } catch (IOException e) {
            throw new StartupException(file + ": cannot be written: " + e, e);
        }
    }

    private static Optional<Integer> read(Path file) throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8).strip();
            return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535
                    ? Optional.of(Integer.parseInt(text))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
