package dev.weir.ingest.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.TestServer;
import dev.weir.series.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DiscoveryTest {
    @TempDir
    private Path folder;

    @Test
    void staticTargetGetsJobAndInstance() {
        assertEquals(
                List.of(new Target(
                        "default",
                        "j",
                        "http://a:1/metrics",
                        Labels.of("job", "j", "instance", "a:1", "pod", "p"),
                        60_000,
                        10_000)),
                look("static_configs: [{targets: ['a:1'], labels: {pod: p}}]").targets());
    }

    @Test
    void relabellingSeesAndSetsTheMetaLabels() {
        Discovery.Round round = look("""
                scheme: https
                metrics_path: /m
                params: {a: [x, y], b: [z]}
                static_configs:
                  - targets: ['a:1', 'gone:1']
                    labels: {__path: /own, __scrape_interval__: 30s, instance: mine, team: t}
                relabel_configs:
                  - {source_labels: [__address__], regex: gone.*, action: drop}
                  - {source_labels: [__path], target_label: __metrics_path__}
                  - {source_labels: [__address__], regex: '(.*):1', replacement: '$1:9100', target_label: __address__}
                  - {source_labels: [__param_a], target_label: __param_b}
                  - {source_labels: [__scheme__, __scrape_interval__, __scrape_timeout__, __param_a], target_label: seen}
                  - {target_label: __scrape_timeout__, replacement: 7s}
                  - {source_labels: [team], target_label: project_id}
                """);
        assertEquals(
                List.of(new Target(
                        "t",
                        "j",
                        "https://a:9100/own?a=x&a=y&b=x",
                        Labels.of(
                                "job",
                                "j",
                                "instance",
                                "mine",
                                "team",
                                "t",
                                "project_id",
                                "t",
                                "seen",
                                "https;30s;10s;x"),
                        30_000,
                        7_000)),
                round.targets());
        assertEquals(1, round.dropped());
        assertEquals(List.of(), round.problems());
    }

    @Test
    void jobLabelMayChangeButTheJobIsTheConfigurations() {
        Target target = look("static_configs: [{targets: ['a:1'], labels: {job: other}}]")
                .targets()
                .get(0);
        assertEquals("j", target.job());
        assertEquals("other", target.labels().get("job"));
    }

    @Test
    void addressesKeepTheirForm() {
        for (String address : List.of("[::1]:8000", "10.0.0.1:80", "my_host:1", "host")) {
            Discovery.Round round = look("static_configs: [{targets: ['" + address + "']}]");
            if (address.contains("_")) {
                // Java's URIs know no underscore in a host name.
                assertEquals(1, round.problems().size());
            } else {
                assertEquals(
                        "http://" + address + "/metrics",
                        round.targets().get(0).url(),
                        round.problems().toString());
            }
        }
    }

    @Test
    void unusableTargetsAreProblemsAndNoOthersSuffer() {
        Discovery.Round round = look("""
                static_configs:
                  - {targets: ['good:1']}
                  - {targets: ['nopath:1'], labels: {kind: empty}}
                  - {targets: ['slow:1'], labels: {__scrape_timeout__: 2m}}
                  - {targets: ['zero:1'], labels: {__scrape_interval__: '0'}}
                  - {targets: ['odd:1'], labels: {__scrape_interval__: soon}}
                  - {targets: ['port:x'], labels: {}}
                  - {targets: ['scheme:1'], labels: {__scheme__: ftp}}
                  - {targets: ['u:p@host:1']}
                relabel_configs:
                  - {source_labels: [kind], regex: empty, target_label: __address__, replacement: ''}
                """);
        assertEquals(
                List.of("http://good:1/metrics"),
                round.targets().stream().map(Target::url).toList());
        assertEquals(7, round.problems().size(), round.problems().toString());
        assertTrue(
                round.problems()
                        .contains("job j, target slow:1: scrape timeout 2m (expected: at most the interval, 1m)"),
                round.problems().toString());
        assertTrue(
                round.problems().contains("job j: __scrape_interval__: 0 (expected: > 0s)"),
                round.problems().toString());
    }

    @Test
    void oneUrlIsOneTarget() {
        Discovery.Round round = look("""
                static_configs:
                  - {targets: ['a:1', 'a:1'], labels: {pod: first}}
                  - {targets: ['a:1'], labels: {pod: second}}
                """);
        assertEquals(1, round.targets().size());
        assertEquals("first", round.targets().get(0).labels().get("pod"));
        assertEquals(1, round.problems().size(), "the same target twice is none, another one is");
        assertTrue(
                round.problems().get(0).contains("pod=\"second\""),
                round.problems().get(0));
    }

    @Test
    void filesAreReadAnewAtEachLook() throws IOException {
        Discovery discovery = discovery("file_sd_configs: [{files: ['t-*.json', one.yml], refresh_interval: 3s}]");
        assertEquals(Optional.of(Duration.ofSeconds(3)), discovery.refreshInterval());
        assertEquals(List.of(), urls(discovery));

        Files.writeString(folder.resolve("one.yml"), "- targets: ['y:1']\n  labels: {pod: p}\n");
        Files.writeString(folder.resolve("t-1.json"), "[{\"targets\": [\"a:1\", \"b:1\"]}]");
        Files.writeString(folder.resolve("t-2.json"), "[{\"targets\": [\"c:1\"]}]");
        Files.writeString(folder.resolve("other.json"), "[{\"targets\": [\"d:1\"]}]");
        assertEquals(List.of("y:1", "a:1", "b:1", "c:1"), urls(discovery));

        Files.writeString(folder.resolve("t-1.json"), "[{\"targets\": [\"b:1\"]}]");
        Files.delete(folder.resolve("t-2.json"));
        assertEquals(List.of("y:1", "b:1"), urls(discovery));

        // Half written: the targets stay, and the problem is told at each look.
        Files.writeString(folder.resolve("t-1.json"), "[{\"targets\": [\"e:1\"");
        assertEquals(List.of("y:1", "b:1"), urls(discovery));
        assertEquals(List.of("y:1", "b:1"), urls(discovery));
        assertTrue(
                discovery.look().problems().get(0).startsWith(folder.resolve("t-1.json") + ":1:"),
                discovery.look().problems().toString());

        Files.writeString(folder.resolve("t-1.json"), "[{\"targets\": [\"e:1\"]}]");
        assertEquals(List.of("y:1", "e:1"), urls(discovery));
    }

    @Test
    void relabellingSeesTheFile() throws IOException {
        Files.writeString(folder.resolve("t.json"), "[{\"targets\": [\"a:1\"]}]");
        Target target = look("""
                        file_sd_configs: [{files: [t.json]}]
                        relabel_configs: [{source_labels: [__meta_filepath], target_label: file}]
                        """).targets().get(0);
        assertEquals(folder.resolve("t.json").toString(), target.labels().get("file"));
    }

    @Test
    void aPageIsAskedAtItsIntervalAndKeepsItsTargetsWhileItFails() throws IOException {
        String[] body = {"[{\"targets\": [\"a:1\", \"b:1\"], \"labels\": {\"pod\": \"p\"}}]"};
        String[] type = {"application/json; charset=utf-8"};
        int[] status = {200};
        List<String> asked = new ArrayList<>();
        try (TestServer server = new TestServer()) {
            server.handle("/sd", exchange -> {
                asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + exchange.getRequestHeaders().getFirst("X-Prometheus-Refresh-Interval-Seconds"));
                exchange.getResponseHeaders().set("Content-Type", type[0]);
                byte[] bytes = body[0].getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status[0], bytes.length);
                exchange.getResponseBody().write(bytes);
                exchange.close();
            });
            String url = "http://" + server.address() + "/sd";
            Instant[] now = {Instant.ofEpochSecond(1_000)};
            Discovery discovery = new Discovery(
                    config("http_sd_configs: [{url: '" + url + "', refresh_interval: 30s, bearer_token: s}]\n"
                            + "relabel_configs: [{source_labels: [__meta_url], target_label: from}]"),
                    () -> now[0]);
            assertEquals(Optional.of(Duration.ofSeconds(30)), discovery.refreshInterval());
            assertEquals(List.of("a:1", "b:1"), urls(discovery));
            assertEquals(url, discovery.look().targets().get(0).labels().get("from"));
            assertEquals(List.of("Bearer s 30"), asked);

            body[0] = "[{\"targets\": [\"b:1\"]}]";
            assertEquals(List.of("a:1", "b:1"), urls(discovery));
            now[0] = now[0].plusSeconds(30);
            assertEquals(List.of("b:1"), urls(discovery));

            status[0] = 503;
            now[0] = now[0].plusSeconds(30);
            assertProblem(discovery, url + ": status 503 (expected: 200)");
            assertProblem(discovery, url + ": status 503 (expected: 200)");
            status[0] = 200;
            type[0] = "text/html";
            now[0] = now[0].plusSeconds(30);
            assertProblem(discovery, url + ": content type \"text/html\" (expected: application/json)");
            type[0] = "application/json";
            body[0] = "[{\"targets\": [\"b:1\"";
            now[0] = now[0].plusSeconds(30);
            assertTrue(discovery.look().problems().get(0).startsWith(url + ":1:"));
            body[0] = "[]";
            now[0] = now[0].plusSeconds(30);
            assertEquals(List.of(), urls(discovery));
            assertEquals(List.of(), discovery.look().problems());
        }
    }

    @Test
    @Timeout(20)
    void aPageThatStopsInTheMiddleHoldsUpNoOtherSource() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        try (TestServer server = new TestServer()) {
            server.handle("/sd", exchange -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 100);
                exchange.getResponseBody().write('[');
                exchange.getResponseBody().flush();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            String url = "http://" + server.address() + "/sd";
            Discovery discovery = new Discovery(
                    config("static_configs: [{targets: ['a:1']}]\nhttp_sd_configs: [{url: '" + url + "'}]"),
                    InstantSource.system(),
                    Duration.ofMillis(100));
            Discovery.Round round = discovery.look();
            assertEquals(1, round.targets().size());
            assertEquals(List.of(url + ": no complete answer in 100 ms"), round.problems());
        } finally {
            end.countDown();
        }
    }

    /** The targets stay. */
    private static void assertProblem(Discovery discovery, String problem) {
        Discovery.Round round = discovery.look();
        assertEquals(List.of(problem), round.problems());
        assertEquals(1, round.targets().size());
    }

    @Test
    void staticTargetsNeedOneLook() {
        assertEquals(Optional.empty(), discovery("static_configs: []").refreshInterval());
    }

    private static List<String> urls(Discovery discovery) {
        return discovery.look().targets().stream()
                .map(target -> target.labels().getOrEmpty("instance"))
                .toList();
    }

    private Discovery.Round look(String yaml) {
        return discovery(yaml).look();
    }

    private Discovery discovery(String yaml) {
        return new Discovery(config(yaml));
    }

    private WeirConfig config(String yaml) {
        return WeirConfig.parse(
                "scrape_configs:\n  - job_name: j\n" + yaml.indent(4),
                folder.resolve("weir.yml").toString());
    }
}
