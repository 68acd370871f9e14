package dev.weir.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.series.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetFileTest {
    private static final List<StaticConfig> GROUPS = List.of(
            new StaticConfig(List.of("a:1", "b:2"), Labels.of("pod", "é\ud83d\ude00/x")),
            new StaticConfig(List.of("c:3"), Labels.EMPTY));

    @Test
    void jsonIsRead() {
        String json = "[\n\t{\"targets\": [\"a:1\", \"b:2\"], \"labels\": {\"pod\": \"\\u00e9\\ud83d\\ude00\\/x\"}},\n"
                + "\t{\"targets\": [\"c:3\"]}]";
        assertEquals(GROUPS, TargetFile.parse(json, "t.json"));
        assertEquals(List.of(), TargetFile.parse("[]", "t.JSON"));
    }

    @Test
    void yamlIsRead() {
        String yaml = "- targets: [a:1, 'b:2']\n  labels: {pod: \"é\ud83d\ude00/x\"}\n- targets:\n    - c:3\n";
        assertEquals(GROUPS, TargetFile.parse(yaml, "t.yml"));
        assertEquals(List.of(), TargetFile.parse("# nothing\n", "t.yaml"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", quoteCharacter = '`', textBlock = """
                    t.json => {} => t.json:1:1: "{" (expected: a list of target groups)
                    t.json => [1] => t.json:1:2: "1" (expected: an object with targets and labels)
                    t.json => [{"target": []}] => t.json:1:13: unknown key "target" (expected: targets or labels)
                    t.json => [{"targets": "a:1"}] => t.json:1:14: "a:1" (expected: a list of addresses)
                    t.json => [{"targets": ["http://a"]}] => t.json:1:15: target "http://a" (expected: host:port)
                    t.json => [{"labels": {"a": 1}}] => t.json:1:19: "1" (expected: a text for a)
                    t.json => [] x => t.json:1:4: no JSON: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')
                    t.yml => {a: b} => t.yml:1:1: targets: a mapping (expected: a list)
                    t.yml => [{target: []}] => t.yml:1:3: unknown key "target" in targets[0] (expected one of: targets, labels)
                    """)
    void wrongFilesAreNamedWithTheirPlace(String fileName, String text, String message) {
        assertEquals(
                message,
                assertThrows(ConfigurationException.class, () -> TargetFile.parse(text, fileName))
                        .getMessage());
    }

    @Test
    void truncatedAndDeepFilesAreErrors() {
        for (String text :
                List.of("", "[", "[{\"targets\": [\"a:1\"", "[{\"labels\": {\"a\": \"b\"", "[".repeat(100_000))) {
            assertThrows(ConfigurationException.class, () -> TargetFile.parse(text, "t.json"));
        }
    }
}
