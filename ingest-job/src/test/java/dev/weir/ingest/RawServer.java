package dev.weir.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Answers each connection with what a conversation writes, however wrong that is as HTTP. */
public final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

    /** What to answer once a request's head was read. */
    @FunctionalInterface
    public interface Conversation {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    public RawServer(Conversation conversation) throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (true) {
                Socket client = socket.accept();
                open.add(client);
                daemon(() -> converse(client, conversation));
            }
        });
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : open) {
            client.close();
        }
    }

    private static void converse(Socket client, Conversation conversation) throws IOException, InterruptedException {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {}
            conversation.answer(client.getOutputStream());
        }
    }

    private static void daemon(Conversable task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // The other side went away, which ends the conversation.
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Conversable {
        void run() throws IOException, InterruptedException;
    }
}
