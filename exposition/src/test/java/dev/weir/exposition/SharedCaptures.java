package dev.weir.exposition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The captured pages of real exporters that lie beside the checkout, with what reference parsers said of them. */
public final class SharedCaptures {
    private SharedCaptures() {}

    /** One line of an index file: column name to value. */
    public record Row(Path file, Map<String, String> columns) {
        public String get(String column) {
            return columns.getOrDefault(column, "");
        }

        public String name() {
            return get("file");
        }

        public byte[] body() throws IOException {
            return Files.readAllBytes(file);
        }

        public ExpositionFormat format() {
            return get("format").equals("openmetrics") ? ExpositionFormat.OPENMETRICS_1_0 : ExpositionFormat.TEXT_0_0_4;
        }
    }

    /** The rows of {@code index}, a tab-separated file below the captures; skips the test if there are no captures. */
    public static List<Row> rows(String index) throws IOException {
        Path root = root();
        List<String> lines = Files.readAllLines(root.resolve(index), StandardCharsets.UTF_8);
        String[] header = lines.get(0).split("\t", -1);
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            Map<String, String> columns = new HashMap<>();
            for (int i = 0; i < Math.min(header.length, cells.length); i++) {
                columns.put(header[i], cells[i]);
            }
            rows.add(new Row(root.resolve(cells[0]), columns));
        }
        return rows;
    }

    public static byte[] body(String file) throws IOException {
        return Files.readAllBytes(root().resolve(file));
    }

    private static Path root() {
        Path root = Path.of(System.getProperty("weir.root", ".."), "..", "shared", "captures");
        Assumptions.assumeTrue(
                Files.isDirectory(root), () -> "captures of real exporters not found at " + root.toAbsolutePath());
        return root;
    }
}
