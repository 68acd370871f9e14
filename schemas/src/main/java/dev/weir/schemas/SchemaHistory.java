package dev.weir.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every version of one event's schema that was ever released, oldest first, the present one last.
 *
 * <p>Versions are resources {@code /schema-history/<name>/<n>.avsc}, n from 1; the newest equals the schema the code was
 * generated from, which a test holds.
 */
final class SchemaHistory {
    private SchemaHistory() {}

    static List<Schema> of(Schema present) {
        List<Schema> versions = new ArrayList<>();
        for (int version = 1; ; version++) {
            String resource = "/schema-history/" + present.getName() + "/" + version + ".avsc";
            try (InputStream in = SchemaHistory.class.getResourceAsStream(resource)) {
                if (in == null) {
                    break;
                }
                versions.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + resource, e);
            }
        }
        if (!versions.contains(present)) {
            versions.add(present);
        }
        return versions;
    }
}
