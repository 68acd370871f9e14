package dev.weir.benchmarks.writeload;

import dev.weir.benchmarks.fleet.FleetSeries;
import dev.weir.benchmarks.fleet.VllmFleet;
import dev.weir.benchmarks.sidebyside.Directories;
import dev.weir.benchmarks.sidebyside.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the write load. Ends with 1 if Weir misses a line that it is held to. */
@Command(
        name = "write-load",
        mixinStandardHelpOptions = true,
        description =
                "Writes the same samples to Weir, Prometheus and VictoriaMetrics by remote write, at the same rate"
                        + " and in turn, and tells what they cost in CPU time, memory and disk. Servers that are not given are"
                        + " left out.")
public final class WriteLoad implements Callable<Integer> {
    private static final double MOST_DISK_BYTES_PER_SAMPLE = 0.9;
    private static final double MOST_KIB_PER_SERIES = 0.6;
    private static final int MEMORY_LOOKS = 5;
    private static final int SECONDS_BEFORE_LOOK = 4;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--weir", paramLabel = "PROGRAM", description = "The program weir at the root of a checkout.")
    private @Nullable Path weir;

    @Option(names = "--prometheus", paramLabel = "PROGRAM", description = "A Prometheus server.")
    private @Nullable Path prometheus;

    @Option(names = "--victoria-metrics", paramLabel = "PROGRAM", description = "A VictoriaMetrics single-node server.")
    private @Nullable Path victoriaMetrics;

    @Option(names = "--series", defaultValue = "75600", description = "Active series. [${DEFAULT-VALUE}]")
    private int series;

    @Option(names = "--scrapes", defaultValue = "80", description = "Samples of each. [${DEFAULT-VALUE}]")
    private int scrapes;

    @Option(
            names = "--warm-up-series",
            defaultValue = "7560",
            description = "Series, of the same, that are written before anything is measured. [${DEFAULT-VALUE}]")
    private int warmUpSeries;

    @Option(names = "--warm-up-scrapes", defaultValue = "400", description = "Samples of each. [${DEFAULT-VALUE}]")
    private int warmUpScrapes;

    @Option(names = "--rate", defaultValue = "100000", description = "Samples a second. [${DEFAULT-VALUE}]")
    private int rate;

    @Option(names = "--disk-pods", defaultValue = "100", description = "Pods of the set on disk. [${DEFAULT-VALUE}]")
    private int diskPods;

    @Option(names = "--disk-scrapes", defaultValue = "320", description = "Scrapes of the same. [${DEFAULT-VALUE}]")
    private int diskScrapes;

    /** What was measured of one server; NaN what was not. */
    private static final class Costs {
        double newSeriesCpuSeconds = Double.NaN;
        double loadCpuSeconds = Double.NaN;
        double cpuPerMillion = Double.NaN;
        double kibPerSeries = Double.NaN;
        double bytesPerSample = Double.NaN;
    }

    private final Map<String, Costs> costs = new LinkedHashMap<>();

    public static void main(String[] args) {
        System.exit(new CommandLine(new WriteLoad()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check("--series", series, 1);
        check("--scrapes", scrapes, 2);
        check("--warm-up-series", warmUpSeries, 1);
        check("--warm-up-scrapes", warmUpScrapes, 0);
        check("--rate", rate, 1);
        check("--disk-pods", diskPods, 0);
        check("--disk-scrapes", diskScrapes, 2);
        if (warmUpSeries >= series) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--warm-up-series: " + warmUpSeries + " (expected: less than --series " + series + ")");
        }
        Path directory = Files.createTempDirectory("write-load");
        try {
            load(Files.createDirectory(directory.resolve("load")));
            if (diskPods > 0) {
                fill(Files.createDirectory(directory.resolve("disk")));
            }
            return report() ? 0 : 1;
        } finally {
            Directories.delete(directory);
        }
    }

    /** CPU time and memory of the load. */
    private void load(Path directory) throws IOException, InterruptedException {
        List<FleetSeries> fleet = VllmFleet.series(
                        (series + VllmFleet.SERIES_PER_POD - 1) / VllmFleet.SERIES_PER_POD, warmUpScrapes + scrapes)
                .subList(0, series);
        Times times = Times.before(System.currentTimeMillis(), warmUpScrapes + scrapes);
        Feed feed = new Feed(fleet, times, rate);
        List<Contender> servers = startAll(directory);
        try {
            feed.send(servers, warmUpSeries, 0, warmUpScrapes);
            double[] base = memory(servers);
            double[] before = cpu(servers);
            double compilersBefore = servers.get(0).server().compilerSeconds();
            feed.send(servers, series, warmUpScrapes, warmUpScrapes + 1);
            double[] afterFirst = cpu(servers);
            long startNanos = System.nanoTime();
            feed.send(servers, series, warmUpScrapes + 1, warmUpScrapes + scrapes);
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            double[] after = cpu(servers);
            double compilersAfter = servers.get(0).server().compilerSeconds();
            double[] full = memory(servers);
            say(
                    "%,d series, %,d more than before; %d samples of each, %,.0f samples a second",
                    series, series - warmUpSeries, scrapes, series * (scrapes - 1.0) / seconds);
            if (weir != null) {
                say(
                        "weir: of its CPU time, its JVM's compilers took %.2f s per million samples",
                        (compilersAfter - compilersBefore) * 1e6 / ((double) series * scrapes));
            }
            for (int i = 0; i < servers.size(); i++) {
                Costs of = costsOf(servers.get(i));
                of.newSeriesCpuSeconds = afterFirst[i] - before[i];
                of.loadCpuSeconds = after[i] - before[i];
                of.cpuPerMillion = of.loadCpuSeconds * 1e6 / ((double) series * scrapes);
                of.kibPerSeries = (full[i] - base[i]) / 1024 / (series - warmUpSeries);
                say(
                        "%s: memory %.1f MiB, before %.1f MiB",
                        servers.get(i).name(), full[i] / (1 << 20), base[i] / (1 << 20));
            }
        } finally {
            servers.forEach(Contender::close);
        }
    }

    /** Disk that the samples of the smaller fleet take. */
    private void fill(Path directory) throws IOException, InterruptedException {
        List<FleetSeries> fleet = VllmFleet.series(diskPods, diskScrapes);
        Times times = Times.before(System.currentTimeMillis(), diskScrapes);
        List<Contender> servers = startAll(directory);
        try {
            new Feed(fleet, times, Double.POSITIVE_INFINITY).send(servers, fleet.size(), 0, diskScrapes);
            for (Contender server : servers) {
                costsOf(server).bytesPerSample = (double) server.diskBytes() / fleet.size() / diskScrapes;
            }
        } finally {
            servers.forEach(Contender::close);
        }
    }

    private List<Contender> startAll(Path directory) throws IOException, InterruptedException {
        List<Contender> servers = new ArrayList<>();
        if (weir != null) {
            servers.add(Contender.weir(weir, Files.createDirectory(directory.resolve("weir"))));
        }
        if (prometheus != null) {
            servers.add(Contender.prometheus(prometheus, Files.createDirectory(directory.resolve("prometheus"))));
        }
        if (victoriaMetrics != null) {
            servers.add(Contender.victoriaMetrics(victoriaMetrics, Files.createDirectory(directory.resolve("vm"))));
        }
        if (servers.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no server given (expected: --weir, --prometheus or --victoria-metrics)");
        }
        return servers;
    }

    private boolean report() {
        say("%-18s %12s %12s %14s %12s %12s", "", "CPU s", "of which new", "CPU s/million", "KiB/series", "B/sample");
        costs.forEach((name, of) -> say(
                "%-18s %12.2f %12.2f %14.2f %12.2f %12.3f",
                name, of.loadCpuSeconds, of.newSeriesCpuSeconds, of.cpuPerMillion, of.kibPerSeries, of.bytesPerSample));
        Costs ours = costs.get("weir");
        Costs theirs = costs.get("victoria-metrics");
        if (ours == null) {
            return true;
        }
        boolean isCheap =
                theirs == null || holds("CPU seconds per million samples", ours.cpuPerMillion, theirs.cpuPerMillion);
        boolean isLight = holds("KiB of memory per active series", ours.kibPerSeries, MOST_KIB_PER_SERIES);
        boolean isSmall =
                diskPods == 0 || holds("bytes on disk per sample", ours.bytesPerSample, MOST_DISK_BYTES_PER_SAMPLE);
        return isCheap && isLight && isSmall;
    }

    private boolean holds(String what, double value, double most) {
        boolean holds = value <= most;
        if (!holds) {
            say("weir: %s: %.3f (expected: at most %.3f)", what, value, most);
        }
        return holds;
    }

    private Costs costsOf(Contender server) {
        return costs.computeIfAbsent(server.name(), name -> new Costs());
    }

    private static double[] cpu(List<Contender> servers) throws IOException {
        double[] seconds = new double[servers.size()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = servers.get(i).server().cpuSeconds();
        }
        return seconds;
    }

    /**
     * The least of some looks while nothing is sent, for each takes in what is given back only moments later: by compilers
     * that are at work, by a heap that was just made smaller.
     */
    private static double[] memory(List<Contender> servers) throws IOException, InterruptedException {
        double[] bytes = new double[servers.size()];
        Arrays.fill(bytes, Double.POSITIVE_INFINITY);
        for (int look = 0; look < MEMORY_LOOKS; look++) {
            TimeUnit.SECONDS.sleep(SECONDS_BEFORE_LOOK);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = Math.min(bytes[i], (double) servers.get(i).memoryBytes());
            }
        }
        return bytes;
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
