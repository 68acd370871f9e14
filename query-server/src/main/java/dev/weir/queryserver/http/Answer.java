package dev.weir.queryserver.http;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Prometheus' envelope around data. */
public final class Answer {
    public static final String TRUNCATED = "results truncated due to limit";

    private Answer() {}

    /** Writes what goes into {@code data}. */
    @FunctionalInterface
    public interface DataWriter {
        void write(JsonWriter json) throws IOException;
    }

    public static Reply success(DataWriter data) {
        return success(data, List.of(), List.of());
    }

    public static Reply success(DataWriter data, List<String> warnings, List<String> infos) {
        return new Reply(200, Reply.JSON, Map.of(), out -> {
            JsonWriter json = new JsonWriter(out);
            json.beginObject().name("status").string("success").name("data");
            data.write(json);
            writeTexts(json, "warnings", warnings);
            writeTexts(json, "infos", infos);
            json.endObject().flush();
        });
    }

    /** Strings, cut off after {@code limit} with a warning. */
    public static Reply strings(List<String> texts, int limit) {
        List<String> shown = texts.size() > limit ? texts.subList(0, limit) : texts;
        return success(
                json -> {
                    json.beginArray();
                    for (String text : shown) {
                        json.string(text);
                    }
                    json.endArray();
                },
                shown.size() < texts.size() ? List.of(TRUNCATED) : List.of(),
                List.of());
    }

    private static void writeTexts(JsonWriter json, String name, List<String> texts) throws IOException {
        if (texts.isEmpty()) {
            return;
        }
        json.name(name).beginArray();
        for (String text : texts) {
            json.string(text);
        }
        json.endArray();
    }
}
