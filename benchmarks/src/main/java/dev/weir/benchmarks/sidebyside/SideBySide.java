package dev.weir.benchmarks.sidebyside;

import dev.weir.benchmarks.fleet.FleetSeries;
import dev.weir.benchmarks.fleet.VllmFleet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the side-by-side benchmark. Ends with 1 if Weir and Prometheus give different answers. */
@Command(
        name = "side-by-side",
        mixinStandardHelpOptions = true,
        description =
                "Asks Weir, Prometheus and VictoriaMetrics the same queries about the same data, and tells how long"
                        + " each takes. Servers that are not given are left out.")
public final class SideBySide implements Callable<Integer> {
    /** Weir and Prometheus differ by rounding at most: they add up series in different orders. */
    private static final double TOLERANCE = 1e-9;

    private static final int LEAST_RUNS = 9;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--weir", paramLabel = "PROGRAM", description = "The program weir at the root of a checkout.")
    private @Nullable Path weir;

    @Option(names = "--prometheus", paramLabel = "PROGRAM", description = "A Prometheus server.")
    private @Nullable Path prometheus;

    @Option(names = "--victoria-metrics", paramLabel = "PROGRAM", description = "A VictoriaMetrics single-node server.")
    private @Nullable Path victoriaMetrics;

    @Option(names = "--pods", defaultValue = "100", description = "Pods of 66 series each. [${DEFAULT-VALUE}]")
    private int pods;

    @Option(names = "--scrapes", defaultValue = "320", description = "Scrapes of each, 15 s apart. [${DEFAULT-VALUE}]")
    private int scrapes;

    @Option(names = "--runs", defaultValue = "15", description = "Measured runs of each query. [${DEFAULT-VALUE}]")
    private int runs;

    @Option(names = "--warm-up", defaultValue = "200", description = "Runs before that. [${DEFAULT-VALUE}]")
    private int warmUp;

    @Option(names = "--warm-up-seconds", defaultValue = "10", description = "At least so long. [${DEFAULT-VALUE}]")
    private int warmUpSeconds;

    @Option(names = "--queries", defaultValue = ".*", description = "Only queries whose name this matches.")
    @SuppressWarnings("NullAway.Init")
    private Pattern queries;

    public static void main(String[] args) {
        System.exit(new CommandLine(new SideBySide()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check("--pods", pods, 1);
        check("--scrapes", scrapes, 2);
        check("--runs", runs, LEAST_RUNS);
        check("--warm-up", warmUp, 1);
        check("--warm-up-seconds", warmUpSeconds, 0);
        Predicate<String> isAsked = queries.asMatchPredicate();
        List<Query> asked =
                Query.ALL.stream().filter(query -> isAsked.test(query.name())).toList();
        Path directory = Files.createTempDirectory("side-by-side");
        List<Server> servers = new ArrayList<>();
        try {
            startAll(directory, servers);
            return compare(servers, asked) ? 0 : 1;
        } finally {
            servers.forEach(Server::close);
            Directories.delete(directory);
        }
    }

    private void startAll(Path directory, List<Server> servers) throws IOException {
        if (weir != null) {
            servers.add(Server.weir(weir, Files.createDirectory(directory.resolve("weir"))));
        }
        if (prometheus != null) {
            servers.add(Server.prometheus(prometheus, Files.createDirectory(directory.resolve("prometheus"))));
        }
        if (victoriaMetrics != null) {
            servers.add(Server.victoriaMetrics(victoriaMetrics, Files.createDirectory(directory.resolve("vm"))));
        }
        if (servers.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no server given (expected: --weir, --prometheus or --victoria-metrics)");
        }
    }

    private boolean compare(List<Server> servers, List<Query> asked) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        List<FleetSeries> fleet = VllmFleet.series(pods, scrapes);
        Times times = Times.before(System.currentTimeMillis(), scrapes);
        List<HttpApi> apis = new ArrayList<>();
        for (Server server : servers) {
            HttpApi api = new HttpApi(server);
            api.awaitReady();
            long startNanos = System.nanoTime();
            double startCpu = server.cpuSeconds();
            api.write(fleet, times);
            out.printf(
                    "%s: %,d series of %d samples written in %.1f s, %.1f CPU s%n",
                    server.name(),
                    fleet.size(),
                    scrapes,
                    (System.nanoTime() - startNanos) / 1e9,
                    server.cpuSeconds() - startCpu);
            out.flush();
            api.settle();
            apis.add(api);
        }
        Report report = new Report(out);
        Rounds rounds =
                new Rounds(servers, apis, times, runs, new Rounds.WarmUp(warmUp, Duration.ofSeconds(warmUpSeconds)));
        boolean agree = true;
        for (Query query : asked) {
            List<Measurement> measured = rounds.measure(query);
            report.add(query, measured);
            agree &= agree(measured, query, out);
        }
        return agree;
    }

    /** Whether Weir says what Prometheus says. */
    private static boolean agree(List<Measurement> measured, Query query, PrintWriter out) {
        Answer ours = answerOf("weir", measured);
        Answer theirs = answerOf("prometheus", measured);
        if (ours == null || theirs == null) {
            return true;
        }
        boolean agree = ours.unmatched(theirs) == 0 && ours.greatestDifference(theirs) <= TOLERANCE;
        if (!agree) {
            out.println("Weir and Prometheus give different answers to " + query.text());
        }
        return agree;
    }

    private static @Nullable Answer answerOf(String name, List<Measurement> measured) {
        return measured.stream()
                .filter(one -> one.server().name().equals(name))
                .map(Measurement::answer)
                .findFirst()
                .orElse(null);
    }

    private void check(String option, int value, int least) {
        if (value < least) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " (expected: at least " + least + ")");
        }
    }
}
