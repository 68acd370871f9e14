package dev.weir.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for servers of tests, each given once. */
public final class FreePort {
    /** Below those that Linux gives to connections, from 32768 on. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(20_000 + ThreadLocalRandom.current().nextInt(10_000));

    private FreePort() {}

    /** A port that nothing listens on now, and that no connection is given by chance while its server is down. */
    public static int next() {
        while (true) {
            int port = NEXT.getAndIncrement();
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody else has it.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
