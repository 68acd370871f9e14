package dev.weir.benchmarks.discovery;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.discovery.Discovery;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. The API server is a process of its own, so that its work is not counted. */
@Command(
        name = "discovery",
        mixinStandardHelpOptions = true,
        description =
                "Lists and watches the pods of an API server that has many, while some are replaced, and tells the time"
                        + " to the first targets, the time and processor time of looks, and the heap that is held.")
public final class DiscoveryCost implements Callable<Integer> {
    private static final String CONFIG = """
            scrape_configs:
            - job_name: pods
              kubernetes_sd_configs: [{role: pod, api_server: 'http://127.0.0.1:%s'}]
              relabel_configs:
              - {source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: 'true', action: keep}
              - {source_labels: [__meta_kubernetes_pod_phase], regex: Succeeded|Failed, action: drop}
              - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
              - {source_labels: [__meta_kubernetes_pod_name], target_label: pod}
              - {source_labels: [__meta_kubernetes_pod_node_name], target_label: node}
              - {action: labelmap, regex: __meta_kubernetes_pod_label_(pipeline_name)}
            """;

    @Option(names = "--pods", defaultValue = "10000", description = "Of the cluster. [${DEFAULT-VALUE}]")
    private int pods;

    @Option(
            names = "--replaced",
            defaultValue = "20",
            description = "Pods that are replaced a second. [${DEFAULT-VALUE}]")
    private int replaced;

    @Option(names = "--seconds", defaultValue = "30", description = "Of replacing. [${DEFAULT-VALUE}]")
    private int seconds;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] args) {
        System.exit(new CommandLine(new DiscoveryCost()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Process api = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PodApi.class.getName(),
                        Integer.toString(pods))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(api.getInputStream(), StandardCharsets.UTF_8))) {
            String port = said.readLine();
            measure(WeirConfig.parse(CONFIG.formatted(port), "weir.yml"), URI.create("http://127.0.0.1:" + port));
            return 0;
        } finally {
            api.destroyForcibly().waitFor();
        }
    }

    private void measure(WeirConfig config, URI api) throws IOException, InterruptedException {
        long heapBefore = heapBytes();
        long startNs = System.nanoTime();
        long startCpuNs = system.getProcessCpuTime();
        try (Discovery discovery = new Discovery(config)) {
            Discovery.Round round = discovery.look();
            while (round.targets().size() < pods) {
                TimeUnit.MILLISECONDS.sleep(20);
                round = discovery.look();
                if (!round.problems().isEmpty()) {
                    throw new IOException(round.problems().toString());
                }
            }
            tell("first targets", startNs, startCpuNs);
            long heldBytes = heapBytes() - heapBefore;
            System.out.printf(
                    Locale.ROOT,
                    "heap held: %.1f MiB, %.1f KiB a pod%n",
                    heldBytes / 1048576.0,
                    heldBytes / 1024.0 / pods);
            replace(discovery, api);
        }
    }

    private void replace(Discovery discovery, URI api) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(api.resolve("/replace?" + replaced))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        long cpuNs = system.getProcessCpuTime();
        long lookNs = 0;
        long longestNs = 0;
        int ended = 0;
        for (int i = 0; i < seconds; i++) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
            TimeUnit.SECONDS.sleep(1);
            long beganNs = System.nanoTime();
            ended += discovery.look().ended().size();
            long tookNs = System.nanoTime() - beganNs;
            lookNs += tookNs;
            longestNs = Math.max(longestNs, tookNs);
        }
        System.out.printf(
                Locale.ROOT,
                "%d pods replaced a second for %d s: a look takes %.0f ms, the longest %.0f ms; %.3f cores; %d pods seen to"
                        + " end%n",
                replaced,
                seconds,
                lookNs / 1e6 / seconds,
                longestNs / 1e6,
                (system.getProcessCpuTime() - cpuNs) / 1e9 / seconds,
                ended);
    }

    private void tell(String what, long startNs, long startCpuNs) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d pods in %.1f s, %.1f CPU s%n",
                what,
                pods,
                (System.nanoTime() - startNs) / 1e9,
                (system.getProcessCpuTime() - startCpuNs) / 1e9);
    }

    private static long heapBytes() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
