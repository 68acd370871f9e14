package dev.weir.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.relabel.RelabelAction;
import dev.weir.series.Labels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeirConfigTest {
    private static final String EVERYTHING = """
            project: prod
            data_dir: data
            global:
              scrape_interval: 15s
              scrape_timeout: 8s
              external_labels: {region: eu}
              sample_limit: 1000
            scrape_configs:
              - job_name: vllm
                scrape_interval: 10s
                metrics_path: /m
                scheme: https
                params: {'name[]': [a, b]}
                static_configs:
                  - targets: ['a:1', 'b:2']
                    labels: {namespace: n1}
                file_sd_configs:
                  - files: ['targets/*.json', /etc/t.yml]
                    refresh_interval: 1m
                http_sd_configs:
                  - {url: 'https://sd/targets', tls_config: {insecure_skip_verify: true}}
                relabel_configs:
                  - source_labels: [__address__, namespace]
                    separator: '/'
                    regex: (.+)/n1
                    target_label: where
                    replacement: x-$1
                  - {action: LabelDrop, regex: tmp_.*}
                metric_relabel_configs:
                  - {source_labels: [__name__], regex: go_.*, action: drop}
                authorization: {credentials: 'to${NAME}en'}
                tls_config: {ca_file: ca.pem, server_name: srv, insecure_skip_verify: false}
                body_size_limit: 10MB
                label_limit: 30
                label_name_length_limit: 200
                label_value_length_limit: 300
                honor_labels: true
                honor_timestamps: false
                follow_redirects: false
                enable_compression: false
                scrape_protocols: [OpenMetricsText1.0.0, PrometheusProto]
                fallback_scrape_protocol: PrometheusText1.0.0
              - job_name: gie
                basic_auth: {username: u, password: secretpass}
            kafka:
              bootstrap_servers: k1:9092,k2:9092
              security: {security.protocol: SASL_SSL, sasl.jaas.config: 'password="${NAME}"'}
              topics: {scrapes: s, requests: r, series: o, dead_letters: d, partitions: 12}
            flink:
              address: flink:8081
              parallelism: 3
              state_backend: rocksdb
              checkpoints: s3://bucket/weir
              options: {s3.endpoint: http://minio:9000}
            aggregation:
              window: 10s
              limits: {series_per_project: 1000}
              replica_labels: [pod]
              views: [crusoe, {view: gie, vantage: gateway}, v/own.yml]
              profiles: [p/mine.yml]
            remote_write:
              - url: https://mimir/api/v1/push
                name: mimir
                headers: {X-Scope-OrgID: t1}
                remote_timeout: 5s
                bearer_token: abc
              - url: http://127.0.0.1:8428/api/v1/write
            query:
              listen: '[::1]:9000'
              retention: 90d
              retention_size: 20GB
              hold: 30s
              lookback_delta: 2m
              delayed_name_removal: true
              auth: tokens
              limits:
                max_samples: 5
                timeout: 30s
                max_body_size: 1MB
                max_active_series: 7
                pushes:
                  max_concurrent: 2
                  max_waiting: 3
                  max_size_in_flight: 4MB
                  max_page_size: 5MB
                  max_unpacked_size: 6MB
                  max_samples: 7
                  max_requests_size: 8MB
                  max_requests: 9
              tls: {cert_file: cert.pem, key_file: key.pem, min_version: TLS13}
              cors_origin: 'https://.*'
              enable_metrics_api: true
              metrics_address: 127.0.0.1:9096
              projects:
                a: {limits: {max_series: 9, max_concurrent_queries: 3}}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsRead() throws IOException {
        WeirConfig config = read(EVERYTHING);
        assertEquals("prod", config.project());
        assertEquals(folder.resolve("data").toString(), config.dataDir());
        assertEquals(Labels.of("region", "eu"), config.externalLabels());

        ScrapeConfig vllm = config.scrapeConfigs().get(0);
        assertEquals("vllm", vllm.jobName());
        assertEquals(Duration.ofSeconds(10), vllm.scrapeInterval());
        assertEquals(Duration.ofSeconds(8), vllm.scrapeTimeout());
        assertEquals("/m", vllm.metricsPath());
        assertEquals("https", vllm.scheme());
        assertEquals(Map.of("name[]", List.of("a", "b")), vllm.params());
        assertEquals(
                List.of(new StaticConfig(List.of("a:1", "b:2"), Labels.of("namespace", "n1"))), vllm.staticConfigs());
        assertEquals(
                List.of(new FileSdConfig(
                        List.of(folder.resolve("targets/*.json").toString(), "/etc/t.yml"), Duration.ofMinutes(1))),
                vllm.fileSdConfigs());
        assertEquals(
                List.of(new HttpSdConfig(
                        "https://sd/targets",
                        Duration.ofMinutes(1),
                        new HttpClientConfig(null, null, new TlsConfig(null, null, null, null, null, true), true))),
                vllm.httpSdConfigs());
        assertEquals(RelabelAction.LABELDROP, vllm.relabelConfigs().get(1).action());
        assertEquals("x-$1", vllm.relabelConfigs().get(0).replacement());
        assertEquals(RelabelAction.DROP, vllm.metricRelabelConfigs().get(0).action());
        AuthorizationConfig authorization = vllm.http().authorization();
        assertNotNull(authorization);
        assertEquals("Bearer", authorization.type());
        assertEquals("toK8en", authorization.credentials().reveal());
        assertEquals(folder.resolve("ca.pem").toString(), vllm.http().tls().caFile());
        assertEquals("srv", vllm.http().tls().serverName());
        assertEquals(new ScrapeLimits(10 << 20, 1000, 30, 200, 300), vllm.limits());
        assertTrue(vllm.honorLabels());
        assertFalse(vllm.honorTimestamps());
        assertFalse(vllm.http().followRedirects());
        assertFalse(vllm.enableCompression());
        assertEquals(
                List.of(ScrapeProtocol.OPENMETRICS_TEXT_1_0_0, ScrapeProtocol.PROMETHEUS_PROTO),
                vllm.scrapeProtocols());
        assertEquals(ScrapeProtocol.PROMETHEUS_TEXT_1_0_0, vllm.fallbackScrapeProtocol());

        ScrapeConfig gie = config.scrapeConfig("gie");
        assertNotNull(gie);
        assertEquals(Duration.ofSeconds(15), gie.scrapeInterval());
        assertTrue(gie.honorTimestamps() && gie.http().followRedirects() && gie.enableCompression());
        assertFalse(gie.honorLabels());

        Properties kafka = config.kafka().clientProperties();
        assertEquals("k1:9092,k2:9092", kafka.getProperty("bootstrap.servers"));
        assertEquals("password=\"K8\"", kafka.getProperty("sasl.jaas.config"));
        assertEquals(
                new KafkaConfig.Topics("s", "r", "o", "d", 12), config.kafka().topics());
        assertEquals(
                new FlinkConfig(
                        new HostPort("flink", 8081),
                        3,
                        StateBackend.ROCKSDB,
                        "s3://bucket/weir",
                        Map.of("s3.endpoint", "http://minio:9000")),
                config.flink());
        assertEquals(
                new AggregationConfig(
                        Duration.ofSeconds(10),
                        List.of("pod"),
                        List.of(folder.resolve("p/mine.yml").toString()),
                        List.of(
                                ViewConfig.named("crusoe"),
                                new ViewConfig("gie", "gateway", null),
                                ViewConfig.named(folder.resolve("v/own.yml").toString())),
                        1_000),
                config.aggregation());
        assertEquals("mimir", config.remoteWrite().get(0).name());
        assertEquals(Duration.ofSeconds(5), config.remoteWrite().get(0).remoteTimeout());
        assertEquals("127.0.0.1:8428", config.remoteWrite().get(1).name());
        assertEquals(new HostPort("::1", 9000), config.query().listen());
        assertEquals(QueryConfig.Auth.TOKENS, config.query().auth());
        assertEquals(Duration.ofDays(90), config.query().retention());
        assertEquals(20L << 30, config.query().retentionSizeBytes());
        assertEquals(Duration.ofMinutes(2), config.query().lookbackDelta());
        assertTrue(config.query().delayedNameRemoval());
        assertEquals(5, config.query().limits().maxSamples());
        assertEquals(1 << 20, config.query().limits().maxBodySizeBytes());
        assertEquals(11_000, config.query().limits().maxPoints());
        assertEquals(
                new QueryConfig.Pushes(2, 3, 4 << 20, 5 << 20, 6 << 20, 7, 8 << 20, 9),
                config.query().limits().pushes());
        assertEquals(new HostPort("127.0.0.1", 9096), config.query().web().metricsAddress());
        assertEquals("https://.*", config.query().web().corsOrigin());
        QueryConfig.Limits ofA = config.query().projects().getOrDefault("a", QueryConfig.Limits.DEFAULT);
        assertEquals(9, ofA.maxSeries());
        assertEquals(5, ofA.maxSamples());
        assertEquals(new QueryConfig.Share(3, 0, 7), ofA.share());
    }

    @Test
    void remoteWriteTakesPrometheusKeysAndSaysWhichHaveNoEffect() {
        RemoteWriteConfig receiver =
                WeirConfig.parse("""
                remote_write:
                - url: https://mimir/api/v1/push
                  write_relabel_configs:
                  - {source_labels: [__name__], regex: go_.*, action: drop}
                  queue_config:
                    capacity: 10000
                    max_shards: 50
                    max_samples_per_send: 500
                    batch_send_deadline: 1s
                    min_backoff: 50ms
                    max_backoff: 10s
                    retry_on_http_429: true
                    sample_age_limit: 2h
                  metadata_config: {send: false, send_interval: 1m}
                  send_exemplars: true
                  send_native_histograms: false
                  protobuf_message: prometheus.WriteRequest
                  follow_redirects: false
                  enable_http2: false
                  backfill: false
                  backfill_samples_per_second: 500
                """, "weir.yml").remoteWrite().get(0);
        assertEquals(
                new RemoteWriteConfig.Queue(
                        500, Duration.ofSeconds(1), Duration.ofMillis(50), Duration.ofSeconds(10), Duration.ofHours(2)),
                receiver.queue());
        assertEquals(
                RelabelAction.DROP, receiver.content().relabelRules().get(0).action());
        assertFalse(receiver.content().metadata());
        assertFalse(receiver.content().nativeHistograms());
        assertEquals(new RemoteWriteConfig.BackFill(false, 500), receiver.backFill());
        assertEquals(
                List.of(
                        "metadata_config.send_interval",
                        "send_exemplars",
                        "queue_config.capacity",
                        "queue_config.max_shards"),
                receiver.withoutEffect());
    }

    @Test
    void aReceiverNeedsNothingButItsUrl() {
        assertEquals(
                List.of(RemoteWriteConfig.of("a:1", URI.create("http://a:1/w"))),
                WeirConfig.parse("remote_write: [{url: 'http://a:1/w'}]", "weir.yml")
                        .remoteWrite());
    }

    @Test
    void nothingNeedsToBeSaid() {
        for (String nothing : List.of("", "# a comment\n", "{}", "scrape_configs:\nkafka:\n")) {
            WeirConfig config = read(nothing);
            assertEquals("default", config.project());
            assertEquals(folder.resolve("weir-data").toString(), config.dataDir());
            assertEquals(List.of(), config.scrapeConfigs());
            assertTrue(config.kafka().isEmbedded());
            assertNull(config.flink().address());
            assertEquals(AggregationConfig.DEFAULT, config.aggregation());
            assertEquals(QueryConfig.DEFAULT, config.query());
            assertEquals("127.0.0.1:9095", config.query().listen().toString());
        }
    }

    @Test
    void printedConfigurationShowsNoSecret() {
        String printed = read(EVERYTHING).toString();
        for (String secret : List.of("toK8en", "secretpass", "abc", "password=\"")) {
            assertFalse(printed.contains(secret), secret + " in " + printed);
        }
    }

    @Test
    void configurationTravelsInsideOperators() throws Exception {
        WeirConfig config = read(EVERYTHING);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            WeirConfig copy = (WeirConfig) in.readObject();
            assertEquals(config.toString(), copy.toString());
            ScrapeConfig vllm = copy.scrapeConfigs().get(0);
            assertEquals(
                    Labels.of("__address__", "a:1", "namespace", "n1", "where", "x-a:1"),
                    vllm.relabelConfigs().get(0).apply(Labels.of("__address__", "a:1", "namespace", "n1")));
        }
    }

    @Test
    void anchorsAndMergeKeysWork() {
        WeirConfig config = read("""
                scrape_configs:
                  - &base
                    job_name: a
                    scrape_interval: 20s
                  - <<: *base
                    job_name: b
                """);
        assertEquals(Duration.ofSeconds(20), config.scrapeConfigs().get(1).scrapeInterval());
        assertEquals("b", config.scrapeConfigs().get(1).jobName());
    }

    @Test
    void globalTimeoutNeverExceedsAShorterInterval() {
        WeirConfig config = read("scrape_configs: [{job_name: a, scrape_interval: 4s}]");
        assertEquals(Duration.ofSeconds(4), config.scrapeConfigs().get(0).scrapeTimeout());
        assertEquals(
                Duration.ofSeconds(3),
                read("global: {scrape_interval: 3s}\nscrape_configs: [{job_name: a}]")
                        .scrapeConfigs()
                        .get(0)
                        .scrapeTimeout());
    }

    @Test
    void unreadableFilesAreNamed() throws IOException {
        Path missing = folder.resolve("missing.yml");
        assertEquals(
                missing + ": no such file (expected: a configuration)",
                assertThrows(ConfigurationException.class, () -> WeirConfig.load(missing))
                        .getMessage());
        Path binary = folder.resolve("binary.yml");
        Files.write(binary, new byte[] {(byte) 0xC3, 0x28});
        assertEquals(
                binary + ": not UTF-8 (expected: YAML in UTF-8)",
                assertThrows(ConfigurationException.class, () -> WeirConfig.load(binary))
                        .getMessage());
        Path good = folder.resolve("good.yml");
        Files.write(good, "project: x\n".getBytes(StandardCharsets.UTF_8));
        assertEquals("x", WeirConfig.load(good).project());
    }

    private WeirConfig read(String yaml) {
        YamlSource source =
                new YamlSource(folder.resolve("weir.yml").toString(), name -> name.equals("NAME") ? "K8" : null);
        return new WeirConfigReader(source).read(yaml);
    }

    @Test
    void readsHowToReadAKubernetesCluster() {
        List<KubernetesSdConfig> configs = WeirConfig.parse("""
                scrape_configs:
                - job_name: k
                  kubernetes_sd_configs:
                  - role: pod
                  - role: endpoints
                    api_server: https://k8s:6443
                    authorization: {credentials_file: token}
                    tls_config: {ca_file: ca.pem}
                    enable_http2: false
                    namespaces: {names: [a, b]}
                    attach_metadata: {node: true, namespace: true}
                    selectors:
                    - {role: pod, label: 'app in (x, y)', field: 'spec.nodeName==n1, status.phase!=Failed'}
                    - {role: service, label: team}
                  - {role: node, kubeconfig_file: kube/config}
                  - {role: service, namespaces: {own_namespace: true}}
                """, "/etc/weir/weir.yml")
                .scrapeConfigs()
                .get(0)
                .kubernetesSdConfigs();
        assertEquals(
                new KubernetesSdConfig(
                        KubernetesRole.POD,
                        null,
                        null,
                        HttpClientConfig.DEFAULT,
                        List.of(),
                        false,
                        Map.of(),
                        false,
                        false),
                configs.get(0));
        KubernetesSdConfig endpoints = configs.get(1);
        assertEquals("https://k8s:6443", endpoints.apiServer());
        assertEquals(
                "/etc/weir/token",
                Objects.requireNonNull(endpoints.http().authorization())
                        .credentials()
                        .file());
        assertEquals("/etc/weir/ca.pem", endpoints.http().tls().caFile());
        assertEquals(List.of("a", "b"), endpoints.namespaces());
        assertTrue(endpoints.attachNode() && endpoints.attachNamespace());
        assertEquals(
                new KubernetesSelector(
                        "app in (x, y)", Map.of("spec.nodeName", "n1"), Map.of("status.phase", "Failed")),
                endpoints.selector(KubernetesRole.POD));
        assertEquals(KubernetesSelector.ALL, endpoints.selector(KubernetesRole.ENDPOINTS));
        assertEquals("/etc/weir/kube/config", configs.get(2).kubeconfigFile());
        assertTrue(configs.get(3).ownNamespace());
    }
}
