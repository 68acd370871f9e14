package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.configuration.YamlKeys;
import dev.weir.configuration.YamlMap;
import dev.weir.configuration.YamlValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what a family comes of: a list of alternatives, each one source or several that add up. */
public final class SourceReader {
    private static final YamlKeys ALTERNATIVE = YamlKeys.of("family", "take", "into", "scale", "where", "all");
    private static final YamlKeys SOURCE = YamlKeys.of("family", "take", "into", "scale", "where");
    private static final Pattern FAMILY = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private SourceReader() {}

    /**
     * The alternatives, at least one.
     *
     * @param shape of the family that they make
     * @throws dev.weir.configuration.ConfigurationException if they cannot make one of that shape
     */
    public static List<List<Source>> alternatives(YamlValue from, Shape shape) {
        List<List<Source>> alternatives = from.asListOf(one -> alternative(one, shape));
        if (alternatives.isEmpty()) {
            throw from.error(from.path() + ": empty (expected: at least one family)");
        }
        return alternatives;
    }

    private static List<Source> alternative(YamlValue value, Shape shape) {
        YamlMap map = value.asMap(ALTERNATIVE);
        if (!map.has("all")) {
            return List.of(source(value, shape));
        }
        if (map.has("family")) {
            throw map.error("family", value.path() + ": family beside all (expected: one of the two)");
        }
        List<Source> sources = map.require("all", all -> all.asListOf(one -> source(one, shape)));
        Set<String> seen = new HashSet<>();
        for (Source source : sources) {
            if (!seen.add(source.family() + ' ' + source.take() + ' ' + source.into() + ' ' + source.where())) {
                throw map.error(
                        "all", value.path() + ".all: " + source.family() + " twice (expected: each source once)");
            }
        }
        if (sources.isEmpty()) {
            throw map.error("all", value.path() + ".all: empty (expected: at least one family)");
        }
        return sources;
    }

    private static Source source(YamlValue value, Shape shape) {
        YamlMap map = value.asMap(SOURCE);
        Source source = new Source(
                map.require("family", SourceReader::family),
                map.get("take", part -> part.asOneOf(Part.words()), Part.WHOLE),
                map.get("into", part -> part.asOneOf(Part.words()), Part.WHOLE),
                map.get("scale", YamlValue::asPositiveNumber, 1.0),
                map.get("where", where -> where.asMapOf(YamlValue::asStrings), Map.of()));
        if (source.into() != Part.WHOLE && shape != Shape.HISTOGRAM) {
            throw map.error("into", value.path() + ".into: of a family that is no histogram (expected: no such key)");
        }
        if (source.take() != Part.WHOLE && shape == Shape.GAUGE) {
            throw map.error("take", value.path() + ".take: of a gauge (expected: no such key)");
        }
        if (source.take() != Part.WHOLE && shape == Shape.HISTOGRAM && source.into() == Part.WHOLE) {
            throw map.error("take", value.path() + ".take: without into (expected: into: count or into: sum)");
        }
        return source;
    }

    private static String family(YamlValue value) {
        String name = value.asString();
        if (!FAMILY.matcher(name).matches()) {
            throw value.error(value.path() + ": \"" + name + "\" (expected: a family's name)");
        }
        return name;
    }
}
