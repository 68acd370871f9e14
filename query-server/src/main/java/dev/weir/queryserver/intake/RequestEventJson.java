package dev.weir.queryserver.intake;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.schemas.RequestEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads request events out of JSON: an object, an array of objects, or one object after the other (a line each, or not). An object's
 * keys are the fields of the Avro schema; what it leaves out has the schema's default, and the project may stay open.
 */
final class RequestEventJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Schema SCHEMA = RequestEvent.getClassSchema();
    private static final String PROJECT = "project";
    private static final int MAX_SHOWN_CHARS = 100;

    private RequestEventJson() {}

    /** @throws ApiException naming the event and its field, or the place that is no JSON */
    static List<RequestEvent> read(byte[] body, int maxEvents) throws ApiException {
        List<RequestEvent> events = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken token = parser.nextToken();
            boolean isArray = token == JsonToken.START_ARRAY;
            if (isArray) {
                token = parser.nextToken();
            }
            for (; token != null && token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                int number = events.size() + 1;
                if (token != JsonToken.START_OBJECT) {
                    throw invalid("event " + number + ": " + token + " (expected: an object)");
                }
                if (number > maxEvents) {
                    throw new ApiException(
                            ErrorType.TOO_LARGE,
                            "more than " + maxEvents + " events (expected: at most maxEvents = " + maxEvents + ")");
                }
                events.add(event(JSON.readTree(parser), number));
            }
            if (isArray && parser.nextToken() != null) {
                throw invalid("body: more after the array (expected: one array)");
            }
        } catch (JacksonException e) {
            throw invalid("event " + (events.size() + 1) + ": line "
                    + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw invalid("body: " + e.getMessage());
        }
        if (events.isEmpty()) {
            throw invalid("body: no event (expected: a JSON object, or an array of them)");
        }
        return events;
    }

    private static RequestEvent event(JsonNode object, int number) throws ApiException {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (SCHEMA.getField(field.getKey()) == null) {
                throw invalid("event " + number + ": unknown field \"" + shown(field.getKey())
                        + "\" (expected: one of the schema RequestEvent)");
            }
        }
        RequestEvent event = new RequestEvent();
        SpecificRecord fields = event;
        for (Schema.Field field : SCHEMA.getFields()) {
            JsonNode value = object.get(field.name());
            fields.put(field.pos(), value == null ? absent(field, number) : told(value, field, number));
        }
        return event;
    }

    private static @Nullable Object absent(Schema.Field field, int number) throws ApiException {
        if (field.name().equals(PROJECT)) {
            return "";
        }
        if (!field.hasDefaultValue()) {
            throw invalid("event " + number + ": no " + field.name() + " (expected: " + expected(field.schema()) + ")");
        }
        return SpecificData.get().getDefaultValue(field);
    }

    private static @Nullable Object told(JsonNode value, Schema.Field field, int number) throws ApiException {
        Schema schema = field.schema();
        if (schema.isNullable() && value.isNull()) {
            return null;
        }
        Object converted =
                convert(value, schema.isNullable() ? schema.getTypes().get(1) : schema);
        if (converted == null) {
            throw invalid("event " + number + ": " + field.name() + ": " + shown(value.toString()) + " (expected: "
                    + expected(schema) + ")");
        }
        return converted;
    }

    /** Null if the value is none of the schema. */
    private static @Nullable Object convert(JsonNode value, Schema schema) {
        return switch (schema.getType()) {
            case STRING -> value.isTextual() ? value.textValue() : null;
            case LONG -> value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : null;
            case DOUBLE -> value.isNumber() ? value.doubleValue() : null;
            case ENUM ->
                value.isTextual() && schema.hasEnumSymbol(value.textValue())
                        ? SpecificData.get().createEnum(value.textValue(), schema)
                        : null;
            case ARRAY -> convertAll(value, schema.getElementType());
            default -> throw new IllegalStateException("type " + schema.getType() + " in the schema of request events");
        };
    }

    private static @Nullable List<Object> convertAll(JsonNode array, Schema element) {
        if (!array.isArray()) {
            return null;
        }
        List<Object> values = new ArrayList<>(array.size());
        for (JsonNode node : array) {
            Object value = convert(node, element);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private static String expected(Schema schema) {
        return switch (schema.getType()) {
            case UNION -> expected(schema.getTypes().get(1)) + " or null";
            case ENUM -> "one of " + String.join(", ", schema.getEnumSymbols());
            case ARRAY -> "an array of " + schema.getElementType().getName() + "s";
            default -> "a " + schema.getName();
        };
    }

    private static ApiException invalid(String message) {
        return new ApiException(ErrorType.BAD_DATA, message);
    }

    private static String shown(String text) {
        return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
    }
}
