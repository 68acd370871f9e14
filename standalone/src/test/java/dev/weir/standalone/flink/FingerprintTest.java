package dev.weir.standalone.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    private static final String CONFIG = """
            kafka: {bootstrap_servers: 'k:9092', security: {sasl.jaas.config: secret}}
            remote_write: [{name: a, url: 'http://a/w', authorization: {credentials: c}}]
            scrape_configs:
            - job_name: vllm
              params: {a: [b], c: [d], e: [f]}
              static_configs: [{targets: ['p:1'], labels: {x: y}}]
              metric_relabel_configs: [{source_labels: [le], regex: 'a.*', action: drop}]
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void everyJobHasOneAndItStaysTheSame() {
        assertEquals(of(CONFIG), of(CONFIG));
        assertEquals(3, Map.copyOf(of(CONFIG)).values().stream().distinct().count());
    }

    @Test
    void aChangeChangesTheJobsThatReadIt() {
        assertEquals(List.of("weir-ingest"), changedBy("targets: ['p:1']", "targets: ['p:2']"));
        assertEquals(List.of("weir-aggregation"), changedBy("regex: 'a.*'", "regex: 'b.*'"));
        assertEquals(List.of("delivery-a"), changedBy("http://a/w", "http://b/w"));
        assertEquals(List.of("delivery-a"), changedBy("credentials: c", "credentials: d"));
        assertEquals(List.of("delivery-a", "weir-aggregation", "weir-ingest"), changedBy("k:9092", "l:9092"));
        assertEquals(List.of(), changedBy("remote_write:", "query: {retention: 1d}\nremote_write:"));
    }

    @Test
    void theContentOfFilesCounts() throws IOException {
        Path file = Files.writeString(folder.resolve("profile.yml"), "a");
        String before = Fingerprint.of(file);
        Files.writeString(file, "b");
        assertNotEquals(before, Fingerprint.of(file));
    }

    @Test
    void theOrderOfMapsDoesNotCountButTheBordersOfTextsDo() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("b", "1");
        one.put("a", "2");
        assertEquals(Fingerprint.of(one), Fingerprint.of(new TreeMap<>(one)));
        assertNotEquals(Fingerprint.of("ab", "c"), Fingerprint.of("a", "bc"));
        assertNotEquals(Fingerprint.of(List.of("a"), "b"), Fingerprint.of(List.of("a", "b")));
        assertThrows(IllegalArgumentException.class, () -> Fingerprint.of(new Object()));
    }

    private static List<String> changedBy(String what, String by) {
        Map<String, String> before = of(CONFIG);
        Map<String, String> after = of(CONFIG.replace(what, by));
        return before.keySet().stream()
                .filter(name -> !String.valueOf(before.get(name)).equals(after.get(name)))
                .toList();
    }

    private static Map<String, String> of(String yaml) {
        Map<String, String> all = new TreeMap<>();
        Pipeline.jobs(WeirConfig.parse(yaml, "weir.yml"))
                .forEach(job -> all.put(job.name(), Fingerprint.of(job.rules())));
        return all;
    }
}
