package dev.weir.configuration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.series.Labels;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Files of {@code file_sd_configs}: a list of <code>{"targets": ["host:port", ...], "labels": {"name": "value"}}</code>, as
 * JSON or YAML by the file's ending.
 */
public final class TargetFile {
    private static final JsonFactory JSON = new JsonFactory();

    private TargetFile() {}

    /**
     * The target groups in {@code text}.
     *
     * @throws ConfigurationException if the text is something else; the message starts with {@code fileName:line:column}
     */
    public static List<StaticConfig> parse(String text, String fileName) {
        if (fileName.toLowerCase(Locale.ROOT).endsWith(".json")) {
            return parseJson(text, fileName);
        }
        YamlSource source = new YamlSource(fileName, name -> null);
        Node root = source.compose(text);
        return root == null
                ? List.of()
                : new YamlValue(source, root, "targets").asListOf(ScrapeConfigReader::staticConfig);
    }

    /** The target groups in {@code text}, whatever the file's name or URL ends with; throws as {@link #parse}. */
    public static List<StaticConfig> parseJson(String text, String fileName) {
        try (JsonParser json = JSON.createParser(new StringReader(text))) {
            List<StaticConfig> groups = new ArrayList<>();
            expect(json, json.nextToken(), JsonToken.START_ARRAY, "a list of target groups", fileName);
            while (json.nextToken() != JsonToken.END_ARRAY) {
                groups.add(parseGroup(json, fileName));
            }
            if (json.nextToken() != null) {
                throw error(json, fileName, "something after the list (expected: nothing)");
            }
            return groups;
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(
                    place(e.getLocation(), fileName) + ": no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ConfigurationException(fileName + ": cannot be read: " + e, e);
        }
    }

    private static StaticConfig parseGroup(JsonParser json, String fileName) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_OBJECT, "an object with targets and labels", fileName);
        List<String> targets = new ArrayList<>();
        Labels.Builder labels = Labels.builder();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "targets" -> {
                    expect(json, value, JsonToken.START_ARRAY, "a list of addresses", fileName);
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        expect(json, json.currentToken(), JsonToken.VALUE_STRING, "an address", fileName);
                        String address = json.getText();
                        if (address.isEmpty() || address.contains("/")) {
                            throw error(json, fileName, "target \"" + address + "\" (expected: host:port)");
                        }
                        targets.add(address);
                    }
                }
                case "labels" -> {
                    expect(json, value, JsonToken.START_OBJECT, "an object of labels", fileName);
                    while (json.nextToken() != JsonToken.END_OBJECT) {
                        String name = json.currentName();
                        expect(json, json.nextToken(), JsonToken.VALUE_STRING, "a text for " + name, fileName);
                        labels.set(name, json.getText());
                    }
                }
                default -> throw error(json, fileName, "unknown key \"" + key + "\" (expected: targets or labels)");
            }
        }
        return new StaticConfig(targets, labels.build());
    }

    private static void expect(JsonParser json, JsonToken found, JsonToken wanted, String expectation, String fileName)
            throws IOException {
        if (found != wanted) {
            String text = found == null ? "the end" : "\"" + json.getText() + "\"";
            throw error(json, fileName, text + " (expected: " + expectation + ")");
        }
    }

    private static ConfigurationException error(JsonParser json, String fileName, String problem) {
        return new ConfigurationException(place(json.currentTokenLocation(), fileName) + ": " + problem);
    }

    private static String place(JsonLocation location, String fileName) {
        return fileName + ":" + location.getLineNr() + ":" + location.getColumnNr();
    }
}
