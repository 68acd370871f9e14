package dev.weir.e2e.failure;

import dev.weir.standalone.broker.EmbeddedBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The embedded broker as a process of its own, which can be killed, paused and started again on the same log and port. */
public final class BrokerProcess implements AutoCloseable {
    private static final String READY = "broker at ";

    private final Path folder;
    private Process process;
    private String bootstrapServers;

    /** The broker's process: it ends with the one that started it. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) throws IOException {
            try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0]))) {
                System.out.println(READY + broker.bootstrapServers());
                while (System.in.read() >= 0) {
                    // Until the other end is gone.
                }
            }
        }
    }

    private BrokerProcess(Path folder, Process process, String bootstrapServers) {
        this.folder = folder;
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    public static BrokerProcess start(Path folder) throws IOException {
        Process process = launch(folder);
        return new BrokerProcess(folder, process, awaitReady(process));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** {@code kill -9}. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it again after a kill; the address stays. */
    public void restart() throws IOException {
        process = launch(folder);
        String now = awaitReady(process);
        if (!now.equals(bootstrapServers)) {
            throw new IllegalStateException("broker at " + now + " (expected: " + bootstrapServers + ")");
        }
        bootstrapServers = now;
    }

    /** Stands still from now on, its connections open. */
    void pause() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static Process launch(Path folder) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.toString()))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolveSibling(folder.getFileName() + ".log").toFile()))
                .start();
    }

    private static String awaitReady(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return line.substring(READY.length());
            }
        }
        throw new IOException("the broker does not start");
    }
}
