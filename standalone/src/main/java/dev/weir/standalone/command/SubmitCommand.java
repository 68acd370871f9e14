package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.Pipeline;
import dev.weir.standalone.StartupException;
import dev.weir.standalone.Submission;
import dev.weir.standalone.broker.Topics;
import dev.weir.standalone.flink.FlinkCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the jobs on a Flink cluster to what the configuration says, and returns.",
            "A job that runs as configured is left alone; another one goes on from a savepoint."
        })
final class SubmitCommand implements Callable<Integer> {
    /** Set by the launcher: where the jars are that the jobs need. */
    private static final String JOB_LIBS = "weir.job.libs";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ConfigOption config;

    @Option(
            names = "--from",
            paramLabel = "JOB=PATH",
            description = "The savepoint or checkpoint that a job goes on from, in place of its newest.")
    private Map<String, String> from = Map.of();

    @Option(names = "--stop-with-savepoint", description = "Ends all jobs, each after a savepoint.")
    private boolean stopWithSavepoint;

    @Override
    public Integer call() throws InterruptedException {
        WeirConfig loaded = config.load();
        requireCluster(loaded);
        PrintWriter out = spec.commandLine().getOut();
        try (FlinkCluster cluster = FlinkCluster.connect(
                loaded.flink(), loaded.aggregation().window(), stopWithSavepoint ? List.of() : jars())) {
            Submission submission = new Submission(cluster, line -> {
                out.println("weir: " + line);
                out.flush();
            });
            if (stopWithSavepoint) {
                submission.stopAll();
            } else {
                Topics.ensure(loaded.kafka());
                submission.apply(Pipeline.jobs(loaded), from);
            }
        }
        return 0;
    }

    private void requireCluster(WeirConfig loaded) {
        if (loaded.flink().address() == null) {
            throw config.lacks("flink.address (expected: a cluster's, to submit to)");
        }
        if (loaded.kafka().isEmbedded()) {
            throw config.lacks("kafka.bootstrap_servers (expected: a broker that the cluster reaches)");
        }
        if (loaded.remoteWrite().isEmpty()) {
            throw config.lacks(
                    "remote_write (expected: at least one receiver, such as http://query-server:9095/api/v1/write)");
        }
    }

    private static List<Path> jars() {
        Path folder = Path.of(System.getProperty(JOB_LIBS, "job-libs/target/lib"));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new StartupException(folder + ": cannot be read: " + e + " (expected: the jars of the jobs)", e);
        }
    }
}
