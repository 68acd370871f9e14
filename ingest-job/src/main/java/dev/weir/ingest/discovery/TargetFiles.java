package dev.weir.ingest.discovery;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.StaticConfig;
import dev.weir.configuration.TargetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The target files of one job. A file that cannot be read or parsed keeps the targets it had, as in Prometheus, and is a
 * problem at each look; a file that is gone has none.
 */
final class TargetFiles {
    static final long MAX_FILE_BYTES = 64 << 20;

    private final List<String> patterns;
    private Map<Path, Content> contents = new HashMap<>();

    TargetFiles(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** The groups in each file, in order of paths; problems go to {@code problems}. */
    Map<Path, List<StaticConfig>> read(Consumer<String> problems) {
        Map<Path, Content> next = new HashMap<>();
        Map<Path, List<StaticConfig>> groups = new LinkedHashMap<>();
        for (Path file : expand(problems)) {
            Content before = contents.get(file);
            Content content = before;
            try {
                content = read(file, before);
            } catch (NoSuchFileException e) {
                continue;
            } catch (IOException e) {
                problems.accept(file + ": cannot be read: " + e);
            } catch (ConfigurationException e) {
                problems.accept(String.valueOf(e.getMessage()));
            }
            if (content != null) {
                next.put(file, content);
                groups.put(file, content.groups());
            }
        }
        contents = next;
        return groups;
    }

    private static Content read(Path file, @Nullable Content before) throws IOException {
        long sizeBytes = Files.size(file);
        if (sizeBytes > MAX_FILE_BYTES) {
            throw new IOException(sizeBytes + " bytes (expected: at most " + MAX_FILE_BYTES + ")");
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        if (before != null && before.text().equals(text)) {
            return before;
        }
        return new Content(text, TargetFile.parse(text, file.toString()));
    }

    private NavigableSet<Path> expand(Consumer<String> problems) {
        NavigableSet<Path> files = new TreeSet<>();
        for (String pattern : patterns) {
            Path path = Path.of(pattern);
            Path folder = path.getParent();
            String name = String.valueOf(path.getFileName());
            if (folder == null || !(name.contains("*") || name.contains("?"))) {
                files.add(path);
                continue;
            }
            if (!Files.isDirectory(folder)) {
                continue;
            }
            try (DirectoryStream<Path> matches = Files.newDirectoryStream(folder, name)) {
                matches.forEach(files::add);
            } catch (IOException e) {
                problems.accept(pattern + ": cannot be listed: " + e);
            }
        }
        return files;
    }

    private record Content(String text, List<StaticConfig> groups) {}
}
