package dev.weir.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packaged program as a process of its own, as {@code ./weir} runs it. */
final class WeirProcess implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final Path log;

    private WeirProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code weir} with these arguments; what it prints goes to {@code log}. */
    static WeirProcess start(Path log, String... arguments) throws IOException {
        Path target = ROOT.resolve("standalone/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1500m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError"));
        Stream.of("java.lang", "java.net", "java.nio", "java.time", "java.util", "java.util.concurrent", "sun.nio.ch")
                .forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
        command.add("-Dweir.job.libs=" + ROOT.resolve("job-libs/target/lib"));
        command.addAll(List.of("-cp", target.resolve("weir.jar") + ":" + target.resolve("lib") + "/*"));
        command.add("dev.weir.standalone.Weir");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        return new WeirProcess(process, log);
    }

    /**
     * The same for a command that starts everything, and waits until all ports are bound: two processes that look for free ports at the same
     * time find the same ones.
     */
    static WeirProcess startAll(Path log, String... arguments) throws IOException, InterruptedException {
        synchronized (WeirProcess.class) {
            long formerStarts = starts(log);
            WeirProcess weir = start(log, arguments);
            Until.holds("jobs: ", START_LIMIT, () -> starts(log), starts -> {
                if (!weir.process.isAlive()) {
                    throw new AssertionError("weir ended with " + weir.process.exitValue() + ":\n" + weir.log());
                }
                return starts > formerStarts;
            });
            return weir;
        }
    }

    private static long starts(Path log) {
        try {
            return Files.exists(log)
                    ? Files.readAllLines(log).stream()
                            .filter(line -> line.startsWith("weir: starting jobs"))
                            .count()
                    : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
    }

    /** Waits until the log holds the text, at most {@code limit}. */
    void awaitLog(String text, Duration limit) throws IOException, InterruptedException {
        Until.holds("\"" + text + "\" in the log of weir:\n", limit, this::log, seen -> {
            if (!process.isAlive()) {
                throw new AssertionError("weir ended with " + process.exitValue() + ":\n" + seen);
            }
            return seen.contains(text);
        });
    }

    String log() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a power cut would: {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int exitCode(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("weir still runs after " + limit + ":\n" + log());
        }
        return process.exitValue();
    }

    /** Asks it to stop and waits until it has. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
