package dev.weir.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was once written stays readable, and what is written now stays readable for programs of earlier versions. */
class SchemaCompatibilityTest {
    private static final Path SOURCES = Path.of("src/main/avro");

    static Stream<String> events() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString().replace(".avsc", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void newestReleasedVersionIsThePresentSchema(String event) throws IOException {
        List<Schema> versions = versions(event);
        assertFalse(versions.isEmpty(), "no /schema-history/" + event + "/1.avsc");
        assertEquals(
                present(event),
                versions.get(versions.size() - 1),
                event + ": the schema changed; release it as schema-history/" + event + "/" + (versions.size() + 1)
                        + ".avsc and leave the earlier versions as they are");
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyVersionReadsEveryOther(String event) throws IOException {
        List<Schema> versions = versions(event);
        for (Schema reader : versions) {
            for (Schema writer : versions) {
                SchemaCompatibility.SchemaPairCompatibility answer =
                        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
                assertEquals(SchemaCompatibilityType.COMPATIBLE, answer.getType(), answer.getDescription());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("events")
    void noFieldWasRemovedAndAddedOnesHaveDefaults(String event) throws IOException {
        List<Schema> versions = versions(event);
        for (int i = 1; i < versions.size(); i++) {
            for (Schema.Field old : versions.get(i - 1).getFields()) {
                assertTrue(versions.get(i).getField(old.name()) != null, event + " lost field " + old.name());
            }
            for (Schema.Field field : versions.get(i).getFields()) {
                boolean added = versions.get(i - 1).getField(field.name()) == null;
                assertTrue(!added || field.hasDefaultValue(), event + "." + field.name() + " has no default");
            }
        }
    }

    private static Schema present(String event) throws IOException {
        return new Schema.Parser().parse(SOURCES.resolve(event + ".avsc").toFile());
    }

    private static List<Schema> versions(String event) throws IOException {
        List<Schema> versions = new ArrayList<>();
        while (true) {
            String resource = "/schema-history/" + event + "/" + (versions.size() + 1) + ".avsc";
            try (InputStream in = SchemaCompatibilityTest.class.getResourceAsStream(resource)) {
                if (in == null) {
                    return versions;
                }
                versions.add(new Schema.Parser().parse(in));
            }
        }
    }
}
