package dev.weir.aggregation.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.YamlValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Profile files that cannot be used are refused with their place. */
class ProfileReaderTest {
    private static final String HEAD = "profile: x\nvantage: engine\ndetect: [x_*]\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "detect: [x]! 1:1: no profile (expected: one)",
                "profile: X! 1:10: profile: \"X\" (expected: a lower-case name)",
                "HEAD nonsense: 1! 4:1: unknown key \"nonsense\"",
                "HEAD vantage: engine! 4:1: key \"vantage\" is given twice",
                "profile: x\\nvantage: moon\\ndetect: [x]! 2:10: vantage: \"moon\" (expected: engine, gateway, node)",
                "profile: x\\nvantage: engine\\ndetect: []! 3:9: detect: empty (expected: at least one family)",
                "profile: x\\nvantage: engine\\ndetect: ['a*b']! 3:10: detect[0]: \"a*b\" (expected: a family's name",
                "HEAD types: {x: sumary}! 4:12: types.x: \"sumary\" (expected: counter, gauge, histogram)",
                "HEAD labels: {tenant: [t]}! 4:9: labels: \"tenant\" (expected: model_name, namespace",
                "HEAD help_units: {after: u, scales: {ms: 0}}! 4:37: help_units.scales.ms: 0 (expected: a finite number above 0)",
                "HEAD help_units: {after: u, scales: {ms: NaN}}! 4:37: help_units.scales.ms: NaN (expected: a finite",
                "HEAD canonical: {inference_tokens: {from: [{family: x}]}}! canonical: \"inference_tokens\" (expected: inference_requests_total",
                "HEAD canonical: {inference_requests_total: {from: []}}! canonical.inference_requests_total.from: empty",
                "HEAD canonical: {inference_requests_total: {from: [{}]}}! no family in canonical.inference_requests_total.from[0]",
                "HEAD canonical: {inference_requests_total: {from: [{family: 'x y'}]}}! \"x y\" (expected: a family's name)",
                "HEAD canonical: {inference_requests_total: {aggregate: sum, from: [{family: x}]}}! of a family that is no gauge",
                "HEAD canonical: {inference_requests_running: {from: [{family: x}]}}! no aggregate in canonical.inference_requests_running",
                "HEAD canonical: {inference_requests_running: {aggregate: median, from: [{family: x}]}}! \"median\" (expected: max, max_of_pages, mean, sum)",
                "HEAD canonical: {inference_requests_total: {from: [{family: x, into: sum}]}}! no histogram (expected: no such key)",
                "HEAD canonical: {inference_requests_total: {from: [{family: x, scale: -1}]}}! scale: -1 (expected: a finite number above 0)",
                "HEAD canonical: {inference_requests_total: {from: [{all: [{family: x}, {family: x}]}]}}! x twice (expected: each source once)",
                "HEAD canonical: {inference_replicas: {aggregate: sum, from: [{family: x}]}}! beside replicas: true (expected: one of the two)",
                "[1, 2]! 1:1: : a list (expected: a mapping)",
                "'a: b: c'! no YAML"
            })
    void refusesWithPlaceKeyAndExpectation(String yaml, String complaint) {
        String text = yaml.replace("HEAD ", HEAD).replace("\\n", "\n");
        text = text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
        Path file = write("p.yml", text);
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> Profiles.load(List.of(file.toString())));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(file + ":"), message);
        assertTrue(message.contains(complaint), message);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        ConfigurationException refused = assertThrows(
                ConfigurationException.class,
                () -> Profiles.load(List.of(folder.resolve("none.yml").toString())));
        assertTrue(String.valueOf(refused.getMessage()).contains("none.yml: cannot be read"), refused.getMessage());
    }

    @Test
    void refusesAnEmptyFileAndAHugeOne() {
        Path empty = write("empty.yml", "# nothing\n");
        assertThrows(ConfigurationException.class, () -> Profiles.load(List.of(empty.toString())));
        Path huge = write("huge.yml", HEAD + "#".repeat(YamlValue.MAX_FILE_BYTES));
        assertThrows(ConfigurationException.class, () -> Profiles.load(List.of(huge.toString())));
    }

    @Test
    void refusesTwoProfilesOfOneName() {
        Path one = write("one.yml", HEAD);
        Path two = write("two.yml", HEAD);
        ConfigurationException refused = assertThrows(
                ConfigurationException.class, () -> Profiles.load(List.of(one.toString(), two.toString())));
        assertTrue(String.valueOf(refused.getMessage()).contains("two.yml: profile \"x\""), refused.getMessage());
    }

    @Test
    void asksConfiguredProfilesFirstAndLetsThemReplaceBuiltInOnes() {
        int builtIn = Profiles.builtIn().all().size();
        Path own = write("own.yml", HEAD);
        Path vllm = write("vllm.yml", HEAD.replace("profile: x", "profile: vllm"));
        List<Profile> all =
                Profiles.load(List.of(own.toString(), vllm.toString())).all();
        assertEquals(builtIn + 1, all.size());
        assertEquals(List.of("x", "vllm"), List.of(all.get(0).name(), all.get(1).name()));
        assertEquals(List.of("x_*"), all.get(1).detection());
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
