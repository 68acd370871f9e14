package dev.weir.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong, where, and what was expected. */
class ConfigurationErrorsTest {
    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', textBlock = """
                    projects: a => 1:1: unknown key "projects" (expected one of: project, data_dir, global, scrape_configs, kafka, flink, aggregation, remote_write, query, scaling)
                    rule_files: [] => 1:1: "rule_files" is not supported yet
                    [a, b] => 1:1: : a list (expected: a mapping)
                    project: [a] => 1:10: project: a list (expected: a text)
                    project: {a: b} => 1:10: project: a mapping (expected: a text)
                    project: '' => 1:10: project: empty (expected: a text)
                    {project: a, project: b} => 1:14: key "project" is given twice
                    project: "a => 1:12: no YAML: found unexpected end of stream
                    global: {scrape_interval: 15} => 1:27: global.scrape_interval: duration "15" (expected: such as 15s, 1m30s, 250ms or 30d)
                    global: {scrape_interval: 0s} => 1:27: global.scrape_interval: 0s (expected: > 0s)
                    global: {scrape_interval: 5s, scrape_timeout: 6s} => 1:47: global.scrape_timeout: 6s (expected: at most the scrape_interval of 5s)
                    scrape_configs: {a: b} => 1:17: scrape_configs: a mapping (expected: a list)
                    scrape_configs: [{}] => 1:18: no job_name in scrape_configs[0] (expected: one)
                    scrape_configs: [{job_name: a}, {job_name: a}] => 1:33: scrape_configs[1]: job_name "a" (expected: one no other job has)
                    scrape_configs: [{job_name: a, scrape_timeout: 2m}] => 1:48: scrape_configs[0].scrape_timeout: 2m (expected: at most the scrape_interval of 1m)
                    scrape_configs: [{job_name: a, scheme: ftp}] => 1:40: scrape_configs[0].scheme: "ftp" (expected: http or https)
                    scrape_configs: [{job_name: a, consul_sd_configs: []}] => 1:32: "consul_sd_configs" in scrape_configs[0] is not supported yet
                    scrape_configs: [{job_name: a, http_sd_configs: [{url: 'ftp://a/b'}]}] => 1:56: scrape_configs[0].http_sd_configs[0].url: "ftp://a/b" (expected: an http or https URL)
                    scrape_configs: [{job_name: a, http_sd_configs: [{}]}] => 1:50: no url in scrape_configs[0].http_sd_configs[0] (expected: one)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{}]}] => 1:56: no role in scrape_configs[0].kubernetes_sd_configs[0] (expected: one)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: ingress}]}] => 1:63: scrape_configs[0].kubernetes_sd_configs[0].role: "ingress" (expected: endpoints, endpointslice, node, pod, service)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, bearer_token: x}]}] => 1:82: scrape_configs[0].kubernetes_sd_configs[0].bearer_token without api_server (expected: the API server's URL with it)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, api_server: 'http://a', kubeconfig_file: k}]}] => 1:109: scrape_configs[0].kubernetes_sd_configs[0]: both api_server and kubeconfig_file (expected: at most one)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, kubeconfig_file: k, namespaces: {own_namespace: true}}]}] => 1:100: scrape_configs[0].kubernetes_sd_configs[0].namespaces.own_namespace with api_server or kubeconfig_file (expected: neither, since only a pod has a namespace of its own)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: node, selectors: [{role: pod}]}]}] => 1:88: scrape_configs[0].kubernetes_sd_configs[0].selectors[0].role: pod (expected, of role node: node)
                    scrape_configs: [{job_name: a, kubernetes_sd_configs: [{role: pod, selectors: [{role: pod, field: phase}]}]}] => 1:99: scrape_configs[0].kubernetes_sd_configs[0].selectors[0].field: "phase" (expected: terms field=value or field!=value, separated by commas)
                    scrape_configs: [{job_name: a, body_size_limit: 3X}] => 1:49: scrape_configs[0].body_size_limit: size "3X" (expected: such as 512KB, 10MB or 1GiB)
                    scrape_configs: [{job_name: a, sample_limit: -1}] => 1:46: scrape_configs[0].sample_limit: -1 (expected: 0 to 2147483647)
                    scrape_configs: [{job_name: a, sample_limit: x}] => 1:46: scrape_configs[0].sample_limit: "x" (expected: an integer)
                    scrape_configs: [{job_name: a, honor_labels: 1}] => 1:46: scrape_configs[0].honor_labels: "1" (expected: true or false)
                    scrape_configs: [{job_name: a, static_configs: [{targets: ['http://a']}]}] => 1:60: scrape_configs[0].static_configs[0].targets[0]: "http://a" (expected: host:port; scheme and metrics_path have keys of their own)
                    scrape_configs: [{job_name: a, file_sd_configs: [{files: [t.txt]}]}] => 1:59: scrape_configs[0].file_sd_configs[0].files[0]: "t.txt" (expected: a path ending in .json, .yml or .yaml, with * only in its last segment)
                    scrape_configs: [{job_name: a, file_sd_configs: [{}]}] => 1:50: no files in scrape_configs[0].file_sd_configs[0] (expected: one)
                    scrape_configs: [{job_name: a, relabel_configs: [{action: keeep}]}] => 1:59: scrape_configs[0].relabel_configs[0].action: relabel action "keeep" (expected one of: replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase)
                    scrape_configs: [{job_name: a, relabel_configs: [{action: hashmod, target_label: b}]}] => 1:50: scrape_configs[0].relabel_configs[0]: relabel action hashmod without modulus (expected: > 0)
                    scrape_configs: [{job_name: a, relabel_configs: [{regex: x}]}] => 1:50: scrape_configs[0].relabel_configs[0]: relabel action replace without target_label
                    scrape_configs: [{job_name: a, basic_auth: {username: u}, bearer_token: b}] => 1:18: more than one of authorization, basic_auth, bearer_token and bearer_token_file (expected: at most one)
                    scrape_configs: [{job_name: a, basic_auth: {password: u}}] => 1:44: no username in scrape_configs[0].basic_auth (expected: username or username_file)
                    scrape_configs: [{job_name: a, authorization: {type: Basic, credentials: x}}] => 1:54: scrape_configs[0].authorization.type: Basic (expected: basic_auth in place of it)
                    scrape_configs: [{job_name: a, authorization: {}}] => 1:47: no credentials in scrape_configs[0].authorization (expected: credentials or credentials_file)
                    scrape_configs: [{job_name: a, bearer_token: '${NO_SUCH_VARIABLE_OF_WEIR}'}] => 1:46: scrape_configs[0].bearer_token: ${NO_SUCH_VARIABLE_OF_WEIR} (expected: a variable of the environment)
                    scrape_configs: [{job_name: a, tls_config: {cert_file: x}}] => 1:44: only one of cert_file and key_file in scrape_configs[0].tls_config (expected: both or none)
                    kafka: {topics: {scrapes: 'a b'}} => 1:27: kafka.topics.scrapes: "a b" (expected: a Kafka topic name, 1 to 249 letters, digits, dots, underscores or dashes)
                    kafka: {topics: {scrapes: a, series: a}} => 1:17: kafka.topics: [a, weir.requests, a, weir.dead-letters] (expected: four different topics)
                    flink: {state_backend: disk} => 1:24: flink.state_backend: "disk" (expected: heap, rocksdb)
                    flink: {parallelism: 300} => 1:22: flink.parallelism: 300 (expected: 1 to 256)
                    flink: {options: {a: b}} => 1:18: flink.options: given (expected: only with flink.address)
                    flink: {address: "a:1"} => 1:18: flink.address: given (expected: only with flink.checkpoints)
                    flink: {address: "a:1", checkpoints: here} => 1:38: flink.checkpoints: "here" (expected: the URI of a directory, such as s3://bucket/weir or file:///shared/weir)
                    kafka: {topics: {partitions: 0}} => 1:30: kafka.topics.partitions: 0 (expected: 1 to 1024)
                    flink: {address: nine} => 1:18: flink.address: address "nine" (expected: host:port, such as 127.0.0.1:9095)
                    aggregation: {window: 500ms} => 1:23: aggregation.window: 500ms (expected: 1s to 1m)
                    scaling: {} => 1:10: no rules in scaling (expected: one)
                    scaling: {rules: [{model: m, max: 2, expr: x}]} => 1:19: no guard in scaling.rules[0] (expected: one)
                    scaling: {rules: [{model: m, expr: x, guard: g, target: 1, management_url: 'http://t:8081', min: 3, max: 2}]} => 1:98: scaling.rules[0].min: 3 (expected: at most max, 2)
                    scaling: {rules: [{model: m, expr: x, guard: g, target: 1, management_url: 'http://t:8081', min: 0, max: 2}]} => 1:98: scaling.rules[0].min: 0 (expected: at least 1, since no worker has no value to come back by; or type: average_value)
                    scaling: {rules: [{model: m, expr: x, guard: g, target: 1, management_url: 'http://t:8081', max: 2, type: rate}]} => 1:107: scaling.rules[0].type: "rate" (expected: average_value, value)
                    scaling: {interval: 10ms, rules: []} => 1:21: scaling.interval: 10ms (expected: at least 1s)
                    scaling: {metrics_address: '10.0.0.1:9097', rules: []} => 1:28: scaling.metrics_address: 10.0.0.1:9097 (expected: of loopback)
                    remote_write: [{name: a}] => 1:16: no url in remote_write[0] (expected: one)
                    remote_write: [{url: 'ftp://a/b'}] => 1:22: remote_write[0].url: "ftp://a/b" (expected: an http or https URL)
                    remote_write: [{url: 'http://a/b'}, {url: 'http://a/c'}] => 1:37: remote_write[1]: name "a" (expected: one no other receiver has)
                    remote_write: [{url: 'http://u:p@a/b'}] => 1:22: remote_write[0].url: user information in a URL (expected: basic_auth in place of it)
                    remote_write: [{url: 'http://a_b/c'}] => 1:22: remote_write[0].url: "http://a_b/c" (expected: an http or https URL)
                    remote_write: [{url: 'http://a/b', headers: {content-type: x}}] => 1:45: remote_write[0].headers: header "content-type" (expected: an HTTP header that neither the protocol nor another key sets)
                    remote_write: [{url: 'http://a/b', headers: {'a b': x}}] => 1:45: remote_write[0].headers: header "a b" (expected: an HTTP header that neither the protocol nor another key sets)
                    remote_write: [{url: 'http://a/b', follow_redirects: true}] => 1:54: remote_write[0].follow_redirects: true (expected: false, and the final url; a redirected write can become a read that answers 200)
                    remote_write: [{url: 'http://a/b', protobuf_message: io.prometheus.write.v2.Request}] => 1:54: remote_write[0].protobuf_message: io.prometheus.write.v2.Request (expected: prometheus.WriteRequest; Weir sends remote write 1.0)
                    remote_write: [{url: 'http://a/b', queue_config: {retry_on_http_429: false}}] => 1:70: remote_write[0].queue_config.retry_on_http_429: false (expected: true; Weir drops nothing that a receiver may take later)
                    remote_write: [{url: 'http://a/b', queue_config: {min_backoff: 6s}}] => 1:50: remote_write[0].queue_config.max_backoff: 5s (expected: at least the min_backoff of 6s)
                    remote_write: [{url: 'http://a/b', queue_config: {max_samples_per_send: 0}}] => 1:73: remote_write[0].queue_config.max_samples_per_send: 0 (expected: 1 to 1000000)
                    remote_write: [{url: 'http://a/b', queue_config: {max_shard: 1}}] => 1:51: unknown key "max_shard" in remote_write[0].queue_config (expected one of: capacity, max_shards, min_shards, max_samples_per_send, batch_send_deadline, min_backoff, max_backoff, retry_on_http_429, sample_age_limit)
                    remote_write: [{url: 'http://a/b', write_relabel_configs: [{regex: x}]}] => 1:60: remote_write[0].write_relabel_configs[0]: relabel action replace without target_label
                    remote_write: [{url: 'http://a/b', backfill: later}] => 1:46: remote_write[0].backfill: "later" (expected: true or false)
                    remote_write: [{url: 'http://a/b', sigv4: {}}] => 1:36: "sigv4" in remote_write[0] is not supported yet
                    query: {listen: '0.0.0.0:9095'} => 1:17: query.listen: 0.0.0.0:9095 with auth: off (expected: auth: tokens, or a loopback address)
                    query: {auth: on} => 1:15: query.auth: "on" (expected: off or tokens)
                    query: {limits: {max_body_size: 2GB}} => 1:33: query.limits.max_body_size: 2GB (expected: 1B to 1GiB)
                    query: {limits: {pushes: {max_page_size: 49MiB}}} => 1:42: query.limits.pushes.max_page_size: 49MiB (expected: 1B to 48MiB)
                    query: {limits: {max_decompressed_size: 0}} => 1:41: query.limits.max_decompressed_size: 0 (expected: 1B to 1GiB)
                    query: {limits: {max_points: 2000000}} => 1:30: query.limits.max_points: 2000000 (expected: 1 to 1000000)
                    query: {limits: {max_sample: 1}} => 1:18: unknown key "max_sample" in query.limits (expected one of: max_samples, max_series, max_points, timeout, max_concurrent_queries, max_concurrent_queries_per_project, max_samples_per_second, max_active_series, max_body_size, max_decompressed_size, pushes)
                    query: {metrics_address: '0.0.0.0:9096'} => 1:26: query.metrics_address: 0.0.0.0:9096 with auth: off (expected: auth: tokens, or a loopback address)
                    query: {tls: {cert_file: a}} => 1:14: no key_file in query.tls (expected: one)
                    """)
    void messageNamesPlaceOffenderAndExpectation(String yaml, String message) {
        ConfigurationException e =
                assertThrows(ConfigurationException.class, () -> WeirConfig.parse(yaml, "/etc/weir.yml"));
        assertEquals("/etc/weir.yml:" + message, e.getMessage());
    }

    @Test
    void lineAndColumnAreThoseOfTheKey() {
        ConfigurationException e = assertThrows(
                ConfigurationException.class,
                () -> WeirConfig.parse(
                        "# fleet\nscrape_configs:\n  - job_name: a\n    scrape_intervall: 5s\n", "weir.yml"));
        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith("weir.yml:4:5: unknown key \"scrape_intervall\" in scrape_configs[0]"
                                + " (expected one of: job_name, scrape_interval, "),
                e.getMessage());
    }

    @Test
    void aliasBombsEnd() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThrows(ConfigurationException.class, () -> WeirConfig.parse(bomb.toString(), "weir.yml"));
        assertThrows(ConfigurationException.class, () -> WeirConfig.parse("kafka: &a {security: *a}", "weir.yml"));
        assertThrows(ConfigurationException.class, () -> WeirConfig.parse("kafka: &a {<<: *a}", "weir.yml"));
        assertThrows(ConfigurationException.class, () -> WeirConfig.parse("[".repeat(100_000), "weir.yml"));
    }
}
