package dev.weir.simulator.fleet;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A Prometheus {@code file_sd} file of the live pods, replaced as a whole: a reader sees the old one or the new one. */
final class TargetsFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final String host;

    TargetsFile(Path path, String host) {
        this.path = path.toAbsolutePath();
        this.host = host;
    }

    void write(List<Pod> pods) {
        List<Map<String, Object>> groups = new ArrayList<>();
        for (Pod pod : pods) {
            Map<String, Object> group = new LinkedHashMap<>();
            group.put("targets", List.of(host + ":" + pod.port));
            group.put("labels", pod.labels);
            groups.add(group);
        }
        Path next = path.resolveSibling(path.getFileName() + ".tmp");
        try {
            Path folder = path.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(next, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(groups));
            try {
                Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "targets file " + path + ": cannot be written (expected: a writable path)", e);
        }
    }
}
