package dev.weir.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Flink cluster of separate processes out of Maven's jars, none of them Weir's or Kafka's, with {@code flink-conf/} and
 * ZooKeeper for the job manager's high availability.
 */
final class FlinkProcesses implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final String ZOOKEEPER =
            "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain";
    private static final String JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint";
    private static final String TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";

    /** What a cluster does not have until jobs bring it. */
    private static final String NOT_FLINKS =
            "weir.*|.*-job-.*|(schemas|series|configuration|exposition|promql|query-server|fleet-simulator)-.*"
                    + "|kafka.*|flink-connector-kafka.*|avro.*|protobuf.*|snakeyaml-[0-9].*|re2j.*|jetty.*|rocksdbjni.*";

    private final Path folder;
    final int restPort = FreePort.next();
    private final int zooKeeperPort = FreePort.next();
    private final int slots;
    private final String classPath;
    private final Map<String, Process> processes = new TreeMap<>();

    private FlinkProcesses(Path folder, int slots) throws IOException {
        this.folder = folder;
        this.slots = slots;
        try (Stream<Path> jars = Files.list(ROOT.resolve("standalone/target/lib"))) {
            this.classPath = jars.filter(jar -> !jar.getFileName().toString().matches(NOT_FLINKS))
                    .map(Path::toString)
                    .collect(Collectors.joining(":"));
        }
    }

    /** Starts ZooKeeper, a job manager and two task managers with so many slots each. */
    static FlinkProcesses start(Path folder, int slots) throws IOException, InterruptedException {
        FlinkProcesses flink = new FlinkProcesses(Files.createDirectories(folder), slots);
        flink.launch(
                "zookeeper",
                ZOOKEEPER,
                List.of(
                        Integer.toString(flink.zooKeeperPort),
                        folder.resolve("zookeeper").toString()));
        flink.startJobManager();
        flink.startTaskManager(1);
        flink.startTaskManager(2);
        Until.holds("job manager: ", START_LIMIT, flink::logs, logs -> flink.answers());
        return flink;
    }

    void startJobManager() throws IOException {
        launch("job-manager", JOB_MANAGER, List.of());
    }

    void startTaskManager(int number) throws IOException {
        launch("task-manager-" + number, TASK_MANAGER, List.of());
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), restPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code kill -9}. */
    void kill(String name) throws InterruptedException {
        Process process = processes.remove(name);
        if (process == null) {
            throw new IllegalArgumentException("no process " + name);
        }
        process.destroyForcibly().waitFor();
    }

    private void launch(String name, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dzookeeper.admin.enableServer=false",
                "-Dzookeeper.jmx.log4j.disable=true",
                "-Dpekko.scheduler.tick-duration=100ms",
                "-Dlog4j.configurationFile=" + ROOT.resolve("flink-conf/log4j-console.properties")));
        Stream.of("java.lang", "java.net", "java.nio", "java.time", "java.util", "java.util.concurrent", "sun.nio.ch")
                .forEach(module -> command.add("--add-opens=java.base/" + module + "=ALL-UNNAMED"));
        command.addAll(List.of("-cp", classPath, main));
        if (arguments.isEmpty()) {
            command.addAll(List.of("--configDir", ROOT.resolve("flink-conf").toString()));
            options().forEach((key, value) -> command.add("-D" + key + "=" + value));
        } else {
            command.addAll(arguments);
        }
        processes.put(
                name,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                folder.resolve(name + ".log").toFile()))
                        .start());
    }

    /** What differs from {@code flink-conf/config.yaml} on one machine, with little memory and short heartbeats. */
    private Map<String, String> options() {
        Map<String, String> options = new TreeMap<>();
        for (String address : List.of(
                "jobmanager.rpc.address",
                "jobmanager.bind-host",
                "taskmanager.host",
                "taskmanager.bind-host",
                "rest.address",
                "rest.bind-address")) {
            options.put(address, "127.0.0.1");
        }
        options.put("rest.port", Integer.toString(restPort));
        options.put("high-availability.type", "zookeeper");
        options.put("high-availability.zookeeper.quorum", "127.0.0.1:" + zooKeeperPort);
        options.put("high-availability.storageDir", folder.resolve("ha").toUri().toString());
        options.put("heartbeat.interval", "1000");
        options.put("heartbeat.timeout", "6000");
        options.put("metrics.reporters", "");
        options.put("taskmanager.numberOfTaskSlots", Integer.toString(slots));
        options.put("taskmanager.cpu.cores", "1");
        options.put("taskmanager.memory.framework.heap.size", "128m");
        options.put("taskmanager.memory.framework.off-heap.size", "64m");
        options.put("taskmanager.memory.jvm-metaspace.size", "256m");
        options.put("taskmanager.memory.jvm-overhead.min", "64m");
        options.put("taskmanager.memory.jvm-overhead.max", "64m");
        options.put("taskmanager.memory.task.heap.size", "256m");
        options.put("taskmanager.memory.task.off-heap.size", "0");
        options.put("taskmanager.memory.network.min", "64m");
        options.put("taskmanager.memory.network.max", "64m");
        options.put("taskmanager.memory.managed.size", "64m");
        options.put("state.backend.rocksdb.localdir", folder.resolve("rocksdb").toString());
        options.put("io.tmp.dirs", folder.resolve("tmp").toString());
        return options;
    }

    /** The logs' last lines, for a failure's message. */
    String logs() {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> logs = Files.list(folder)) {
            for (Path log : logs.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList()) {
                List<String> lines = Files.readAllLines(log);
                text.append(log.getFileName()).append(":\n");
                lines.subList(Math.max(0, lines.size() - 15), lines.size())
                        .forEach(line -> text.append("  ").append(line).append('\n'));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroy);
        try {
            for (Process process : processes.values()) {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            processes.values().forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
