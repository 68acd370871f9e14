package dev.weir.simulator.http;

import dev.weir.simulator.fleet.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket per pod, all accepted by one thread that hands connections on. Thread-safe. A closed port refuses
 * connections from the return of {@link #close(int)} on, since the selector has let go of it by then.
 */
public final class PodPorts implements Ports, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodPorts.class);
    private static final int BACKLOG = 128;
    private static final int MAX_PORT = 65_535;

    private final String host;
    private final Consumer<SocketChannel> accepted;
    private final IntConsumer closed;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Map<Integer, ServerSocketChannel> channels = new HashMap<>();
    private int nextPort;
    private volatile boolean stopped;

    /**
     * Begins to accept.
     *
     * @param host the address to listen on
     * @param basePort the first port to try, or 0 for the system's choice
     * @param accepted takes each new connection
     * @param closed is told each port that was closed
     */
    public PodPorts(String host, int basePort, Consumer<SocketChannel> accepted, IntConsumer closed)
            throws IOException {
        this.host = host;
        this.nextPort = basePort;
        this.accepted = accepted;
        this.closed = closed;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "simulated-pods-accept");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized int open() throws IOException {
        while (nextPort > 0 && nextPort <= MAX_PORT) {
            int port = nextPort++;
            try {
                return listen(port);
            } catch (BindException e) {
                LOG.debug("port {} is taken, trying the next one", port, e);
            }
        }
        return listen(0);
    }

    @Override
    public synchronized void reopen(int port) throws IOException {
        listen(port);
    }

    @Override
    public synchronized void close(int port) {
        ServerSocketChannel channel = channels.remove(port);
        if (channel != null) {
            onThread(() -> closeQuietly(channel));
            closed.accept(port);
        }
    }

    @Override
    public synchronized void close() {
        for (ServerSocketChannel channel : channels.values()) {
            onThread(() -> closeQuietly(channel));
        }
        channels.clear();
        stopped = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int listen(int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(host, port), BACKLOG);
            channel.configureBlocking(false);
            int bound = ((InetSocketAddress) channel.getLocalAddress()).getPort();
            onThread(() -> {
                try {
                    channel.register(selector, SelectionKey.OP_ACCEPT);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            channels.put(bound, channel);
            return bound;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void onThread(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                task.run();
                // A closed channel is let go of by the next selection only.
                selector.selectNow();
                done.complete(null);
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        selector.wakeup();
        done.join();
    }

    private void run() {
        try (Selector owned = selector) {
            while (!stopped) {
                owned.select();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                owned.selectedKeys().removeIf(key -> {
                    accept(key);
                    return true;
                });
            }
        } catch (IOException e) {
            LOG.error("simulated pods accept no connections any more", e);
        }
    }

    private void accept(SelectionKey key) {
        if (!key.isValid()) {
            return;
        }
        try {
            ServerSocketChannel listening = (ServerSocketChannel) key.channel();
            for (SocketChannel channel = listening.accept(); channel != null; channel = listening.accept()) {
                accepted.accept(channel);
            }
        } catch (IOException e) {
            LOG.warn("a connection to a simulated pod was lost before it was accepted: {}", e.toString());
        }
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("a simulated pod's port did not close: {}", e.toString());
        }
    }
}
