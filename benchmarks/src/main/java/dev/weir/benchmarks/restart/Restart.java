package dev.weir.benchmarks.restart;

import dev.weir.benchmarks.sidebyside.Directories;
import dev.weir.benchmarks.sidebyside.HttpApi;
import dev.weir.benchmarks.sidebyside.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the restart. Ends with 1 if a start takes longer than it may, or finds less than there was. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Fills a data directory of Weir by remote write, stops the server and starts it again, kills it"
                + " while it is written to and starts it again, and tells how long each start takes.")
public final class Restart implements Callable<Integer> {
    private static final double MOST_SECONDS = 5;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--weir",
            required = true,
            paramLabel = "PROGRAM",
            description = "The program weir at the root of a checkout.")
    @SuppressWarnings("NullAway.Init")
    private Path weir;

    @Option(names = "--series", defaultValue = "1000000", description = "Series. [${DEFAULT-VALUE}]")
    private int series;

    @Option(names = "--samples", defaultValue = "240", description = "Samples of each, 15 s apart. [${DEFAULT-VALUE}]")
    private int samples;

    @Option(
            names = "--samples-at-once",
            defaultValue = "60",
            description = "Samples of a series that a request holds, except for the last. [${DEFAULT-VALUE}]")
    private int samplesAtOnce;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Kept afterwards, and not filled again if it is there. [a temporary one]")
    private @Nullable Path directory;

    public static void main(String[] args) {
        System.exit(new CommandLine(new Restart()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check("--series", series, 1);
        check("--samples", samples, 2);
        check("--samples-at-once", samplesAtOnce, 1);
        if (directory != null) {
            return run(directory) ? 0 : 1;
        }
        Path temporary = Files.createTempDirectory("restart");
        try {
            return run(temporary) ? 0 : 1;
        } finally {
            Directories.delete(temporary);
        }
    }

    private boolean run(Path in) throws IOException, InterruptedException {
        Path ended = in.resolve("end");
        long endMs = Files.exists(ended) ? Long.parseLong(Files.readString(ended)) : System.currentTimeMillis();
        ManySeries many = new ManySeries(series, samples, endMs);
        if (!Files.exists(ended)) {
            Files.createDirectories(in);
            fill(in, many);
            Files.writeString(ended, Long.toString(endMs));
        }
        boolean isGood;
        try (Server server = Server.weir(weir, in)) {
            isGood = isReadyInTime("stopped", server);
            HttpApi api = new HttpApi(server);
            isGood &= holdsAll(api, endMs);
            many.write(api, samples - 1, samples);
            server.kill();
        }
        try (Server server = Server.weir(weir, in)) {
            isGood &= isReadyInTime("killed", server);
            return holdsAll(new HttpApi(server), endMs) && isGood;
        }
    }

    /** Writes all but the last sample of each series, and stops the server. */
    private void fill(Path in, ManySeries many) throws IOException, InterruptedException {
        try (Server server = Server.weir(weir, in)) {
            HttpApi api = new HttpApi(server);
            api.awaitReady();
            long startNanos = System.nanoTime();
            for (int from = 0; from < samples - 1; from += samplesAtOnce) {
                many.write(api, from, Math.min(from + samplesAtOnce, samples - 1));
                double seconds = secondsSince(startNanos);
                long written = (long) series * Math.min(from + samplesAtOnce, samples - 1);
                say("%,d samples in %.0f s, %.0f CPU seconds", written, seconds, server.cpuSeconds());
            }
            long stopNanos = System.nanoTime();
            server.stop();
            say("stopped in %.1f s", secondsSince(stopNanos));
        }
    }

    private boolean isReadyInTime(String after, Server server) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        new HttpApi(server).awaitReady();
        double seconds = secondsSince(startNanos);
        say(
                "ready %.2f s after the start, when it had been %s (expected: at most %.0f s)",
                seconds, after, MOST_SECONDS);
        return seconds <= MOST_SECONDS;
    }

    private boolean holdsAll(HttpApi api, long endMs) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        double found = api.value(ManySeries.countExpression(), endMs);
        say("%,.0f series counted in %.1f s (expected: %,d)", found, secondsSince(startNanos), series);
        return found == series;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private void say(String format, Object... values) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
        spec.commandLine().getOut().flush();
    }

    private void check(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " (expected: at least " + least + ")");
        }
    }
}
