package dev.weir.configuration;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One node of the document with its path, such as {@code scrape_configs[0].scheme}. Each {@code as...} method gives the
 * value in that form, or throws a {@link ConfigurationException} with the node's place.
 */
public record YamlValue(YamlSource source, Node node, String path) {
    /** Files that a configuration names may not be larger. */
    public static final int MAX_FILE_BYTES = 1 << 20;

    /** Merge keys ({@code <<}) nest no deeper than this. */
    private static final int MAX_MERGE_DEPTH = 16;

    /** <code>${NAME}</code>, or <code>$${</code> for a literal <code>${</code>. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\$\\{|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    /**
     * The one document in a file.
     *
     * @throws ConfigurationException if it cannot be read, is larger than {@link #MAX_FILE_BYTES}, no YAML, or empty
     */
    public static YamlValue documentIn(String file) {
        Path path = Path.of(file);
        try {
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new ConfigurationException(
                        file + ": " + Files.size(path) + " bytes (expected: at most " + MAX_FILE_BYTES + ")");
            }
            return document(Files.readString(path), file);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + ": not UTF-8 (expected: YAML in UTF-8)", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read: " + e + " (expected: a file of YAML)", e);
        }
    }

    /**
     * The one document in {@code yaml}.
     *
     * @param fileName for messages, and the folder that relative paths start at
     * @throws ConfigurationException if it is no YAML, or empty
     */
    public static YamlValue document(String yaml, String fileName) {
        YamlSource source = new YamlSource(fileName, System::getenv);
        Node root = source.compose(yaml);
        if (root == null) {
            throw source.error((Mark) null, "empty (expected: a mapping)", null);
        }
        return new YamlValue(source, root, "");
    }

    /** A complaint about this value, with its place. */
    public ConfigurationException error(String problem) {
        return source.error(node, problem);
    }

    public boolean isNull() {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    public boolean isMapping() {
        return node instanceof MappingNode;
    }

    public String asString() {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(path + ": " + kind() + " (expected: a text)");
        }
        return isNull() ? "" : scalar.getValue();
    }

    public String asNonEmptyString() {
        String text = asString();
        if (text.isEmpty()) {
            throw error(path + ": empty (expected: a text)");
        }
        return text;
    }

    /** A path, relative ones to the folder of the configuration file. */
    public String asPath() {
        return source.resolve(asNonEmptyString());
    }

    public Duration asDuration() {
        return converted(DurationSyntax::parse);
    }

    public Duration asPositiveDuration() {
        Duration duration = asDuration();
        if (duration.isZero()) {
            throw error(path + ": " + asString() + " (expected: > 0s)");
        }
        return duration;
    }

    public long asSizeBytes() {
        return converted(SizeSyntax::parseBytes);
    }

    public int asInt(int least, int most) {
        return (int) asLong(least, most);
    }

    public long asLong(long least, long most) {
        String text = asString();
        try {
            long value = Long.parseLong(text.replace("_", ""));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw error(path + ": \"" + text + "\" (expected: an integer)");
        }
        throw error(path + ": " + text + " (expected: " + least + " to " + most + ")");
    }

    public boolean asBoolean() {
        String text = asString();
        switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> {
                return true;
            }
            case "false", "no", "off" -> {
                return false;
            }
            default -> throw error(path + ": \"" + text + "\" (expected: true or false)");
        }
    }

    /** A finite number above 0. */
    public double asPositiveNumber() {
        try {
            double value = Double.parseDouble(asString());
            if (value > 0 && value < Double.POSITIVE_INFINITY) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw error(path + ": \"" + asString() + "\" (expected: a number)");
        }
        throw error(path + ": " + asString() + " (expected: a finite number above 0)");
    }

    /** One of the words, each of which stands for a constant. */
    public <T> T asOneOf(Map<String, T> words) {
        T value = words.get(asString());
        if (value == null) {
            throw error(path + ": \"" + asString() + "\" (expected: " + String.join(", ", new TreeSet<>(words.keySet()))
                    + ")");
        }
        return value;
    }

    /** A value given in place; <code>${NAME}</code> in it is the environment's. */
    public Secret asSecret() {
        String text = asString();
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (matcher.find()) {
            String replacement = "${";
            if (matcher.group(1) != null) {
                replacement = source.environment().apply(matcher.group(1));
                if (replacement == null) {
                    throw error(path + ": ${" + matcher.group(1) + "} (expected: a variable of the environment)");
                }
            }
            matcher.appendReplacement(expanded, Matcher.quoteReplacement(replacement));
        }
        return Secret.of(matcher.appendTail(expanded).toString());
    }

    public Secret asSecretFile() {
        return Secret.inFile(asPath());
    }

    public List<YamlValue> asList() {
        if (isNull()) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw error(path + ": " + kind() + " (expected: a list)");
        }
        List<YamlValue> values = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            values.add(new YamlValue(source, element, path + "[" + values.size() + "]"));
        }
        return values;
    }

    public <T> List<T> asListOf(Function<YamlValue, T> reader) {
        return asList().stream().map(reader).toList();
    }

    public List<String> asStrings() {
        return asListOf(YamlValue::asString);
    }

    /** A mapping with keys of the user's choice. */
    public <T> Map<String, T> asMapOf(Function<YamlValue, T> reader) {
        Map<String, T> values = new LinkedHashMap<>();
        entries().forEach((key, value) -> values.put(key.asString(), reader.apply(value)));
        return values;
    }

    public Map<String, String> asStringMap() {
        return asMapOf(YamlValue::asString);
    }

    /** A mapping with none but the given keys. */
    public YamlMap asMap(YamlKeys keys) {
        YamlMap map = new YamlMap(source, node, path);
        entries().forEach((keyNode, value) -> {
            String key = keyNode.asString();
            if (keys.refused().contains(key)) {
                throw keyNode.error("\"" + key + "\"" + within() + " is not supported yet");
            }
            if (!keys.read().contains(key) && !keys.ignored().contains(key)) {
                throw keyNode.error("unknown key \"" + key + "\"" + within() + " (expected one of: "
                        + String.join(", ", keys.read()) + ")");
            }
            map.put(key, value);
        });
        return map;
    }

    private Map<YamlValue, YamlValue> entries() {
        Map<YamlValue, YamlValue> entries = new LinkedHashMap<>();
        collectEntries(node, entries, new HashSet<>(), 0);
        return entries;
    }

    private void collectEntries(Node from, Map<YamlValue, YamlValue> entries, Set<String> seenBefore, int depth) {
        if (from instanceof ScalarNode && from.getTag().equals(Tag.NULL)) {
            return;
        }
        if (!(from instanceof MappingNode mapping)) {
            throw error(path + ": " + kind() + " (expected: a mapping)");
        }
        if (depth > MAX_MERGE_DEPTH) {
            throw source.error(from, path + ": merge keys nest deeper than " + MAX_MERGE_DEPTH);
        }
        List<Node> merged = new ArrayList<>();
        Set<String> seenHere = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlValue keyNode = new YamlValue(source, tuple.getKeyNode(), path);
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merged.add(tuple.getValueNode());
                continue;
            }
            String key = keyNode.asString();
            if (!seenHere.add(key)) {
                throw keyNode.error("key \"" + key + "\"" + within() + " is given twice");
            }
            if (seenBefore.add(key)) {
                entries.put(
                        keyNode, new YamlValue(source, tuple.getValueNode(), path.isEmpty() ? key : path + "." + key));
            }
        }
        for (Node other : merged) {
            if (other instanceof SequenceNode sequence) {
                for (Node element : sequence.getValue()) {
                    collectEntries(element, entries, seenBefore, depth + 1);
                }
            } else {
                collectEntries(other, entries, seenBefore, depth + 1);
            }
        }
    }

    private <T> T converted(Function<String, T> conversion) {
        String text = asString();
        try {
            return conversion.apply(text);
        } catch (IllegalArgumentException e) {
            throw error(path + ": " + e.getMessage());
        }
    }

    private String within() {
        return path.isEmpty() ? "" : " in " + path;
    }

    private String kind() {
        return node instanceof MappingNode ? "a mapping" : node instanceof SequenceNode ? "a list" : "a text";
    }
}
