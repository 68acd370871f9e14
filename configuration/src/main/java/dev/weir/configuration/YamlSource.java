package dev.weir.configuration;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Where a document comes from: its name in messages, the folder its relative paths start at, and its environment. */
public record YamlSource(String fileName, Function<String, @Nullable String> environment) {

    /** The document's root, or null if there is nothing but comments. */
    @Nullable
    Node compose(String yaml) {
        try {
            return new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
        } catch (MarkedYAMLException e) {
            throw error(e.getProblemMark(), "no YAML: " + e.getProblem(), e);
        } catch (YAMLException e) {
            throw error((Mark) null, "no YAML: " + e.getMessage(), e);
        }
    }

    /** A complaint about {@code node}, with its place. */
    ConfigurationException error(Node node, String problem) {
        return error(node.getStartMark(), problem, null);
    }

    ConfigurationException error(@Nullable Mark mark, String problem, @Nullable Throwable cause) {
        String place = mark == null ? fileName : fileName + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
        String message = place + ": " + problem;
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }

    /** {@code path} as Prometheus reads it: relative to the folder of the file that names it. */
    String resolve(String path) {
        Path folder = Path.of(fileName).toAbsolutePath().getParent();
        return folder == null ? path : folder.resolve(path).normalize().toString();
    }
}
