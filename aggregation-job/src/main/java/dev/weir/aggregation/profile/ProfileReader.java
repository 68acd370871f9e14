package dev.weir.aggregation.profile;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.canonical.GaugeAggregation;
import dev.weir.aggregation.canonical.Vantage;
import dev.weir.configuration.YamlKeys;
import dev.weir.configuration.YamlMap;
import dev.weir.configuration.YamlValue;
import dev.weir.exposition.MetricType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a profile file; every complaint names the place, the key and what is expected there. */
final class ProfileReader {
    private static final YamlKeys TOP = YamlKeys.of(
            "profile",
            "model_server",
            "vantage",
            "detect",
            "stability",
            "replicas",
            "types",
            "replica_labels",
            "labels",
            "help_units",
            "notes",
            "canonical");
    private static final YamlKeys HELP_UNITS = YamlKeys.of("after", "scales");
    private static final YamlKeys RULE = YamlKeys.of("required", "aggregate", "from");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");
    private static final Pattern FAMILY_PATTERN = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*\\*?");
    private static final Map<String, MetricType> TYPES =
            Map.of("counter", MetricType.COUNTER, "gauge", MetricType.GAUGE, "histogram", MetricType.HISTOGRAM);

    private ProfileReader() {}

    static Profile read(YamlValue document) {
        YamlMap top = document.asMap(TOP);
        String name = top.require("profile", value -> text(value, NAME, "a lower-case name"));
        Vantage vantage = top.require("vantage", value -> value.asOneOf(Vantage.words()));
        Profile profile = new Profile(
                name,
                top.get("model_server", YamlValue::asNonEmptyString, name),
                vantage,
                top.require("detect", ProfileReader::detection),
                top.get("stability", YamlValue::asNonEmptyString, ""),
                top.get("replicas", YamlValue::asBoolean, vantage == Vantage.ENGINE),
                top.get("types", ProfileReader::types, Map.of()),
                top.get("replica_labels", value -> value.asListOf(YamlValue::asNonEmptyString), List.of()),
                top.get("labels", ProfileReader::labels, Map.of()),
                top.getOrNull("help_units", ProfileReader::helpUnits),
                top.get("notes", value -> value.asMapOf(YamlValue::asNonEmptyString), Map.of()),
                top.get("canonical", ProfileReader::rules, List.of()));
        if (profile.replicas()
                && profile.rules().stream().anyMatch(rule -> rule.family() == CanonicalFamily.REPLICAS)) {
            throw top.error(
                    "canonical",
                    "canonical." + CanonicalFamily.REPLICAS.metricName()
                            + ": beside replicas: true (expected: one of the two)");
        }
        return profile;
    }

    private static List<String> detection(YamlValue value) {
        List<String> patterns = value.asListOf(
                pattern -> text(pattern, FAMILY_PATTERN, "a family's name, or the beginning of one followed by *"));
        if (patterns.isEmpty()) {
            throw value.error(value.path() + ": empty (expected: at least one family)");
        }
        return patterns;
    }

    private static Map<String, MetricType> types(YamlValue value) {
        return value.asMapOf(type -> type.asOneOf(TYPES));
    }

    private static Map<String, List<String>> labels(YamlValue value) {
        Map<String, List<String>> labels =
                value.asMapOf(candidates -> candidates.asListOf(YamlValue::asNonEmptyString));
        labels.keySet().forEach(label -> {
            if (!Mapping.LABELS.containsKey(label)) {
                throw value.error(value.path() + ": \"" + label + "\" (expected: "
                        + String.join(", ", new TreeSet<>(Mapping.LABELS.keySet())) + ")");
            }
        });
        return labels;
    }

    private static HelpUnits helpUnits(YamlValue value) {
        YamlMap map = value.asMap(HELP_UNITS);
        return new HelpUnits(
                map.require("after", YamlValue::asNonEmptyString),
                map.require("scales", scales -> scales.asMapOf(YamlValue::asPositiveNumber)));
    }

    private static List<CanonicalRule> rules(YamlValue value) {
        List<CanonicalRule> rules = new ArrayList<>();
        Map<String, YamlValue> entries = value.asMapOf(entry -> entry);
        entries.forEach((name, entry) -> {
            CanonicalFamily family = CanonicalFamily.words().get(name);
            if (family == null) {
                throw entry.error(value.path() + ": \"" + name + "\" (expected: "
                        + String.join(", ", CanonicalFamily.words().keySet()) + ")");
            }
            rules.add(rule(entry, family));
        });
        return rules;
    }

    private static CanonicalRule rule(YamlValue value, CanonicalFamily family) {
        YamlMap map = value.asMap(RULE);
        boolean gauge = family.shape() == Shape.GAUGE;
        if (!gauge && map.has("aggregate")) {
            throw map.error("aggregate", value.path() + ".aggregate: of a family that is no gauge (expected: none)");
        }
        GaugeAggregation aggregation =
                gauge ? map.require("aggregate", word -> word.asOneOf(GaugeAggregation.words())) : GaugeAggregation.SUM;
        List<List<Source>> alternatives = map.require("from", from -> SourceReader.alternatives(from, family.shape()));
        return new CanonicalRule(family, alternatives, aggregation, map.get("required", YamlValue::asBoolean, false));
    }

    private static String text(YamlValue value, Pattern pattern, String expected) {
        String text = value.asString();
        if (!pattern.matcher(text).matches()) {
            throw value.error(value.path() + ": \"" + text + "\" (expected: " + expected + ")");
        }
        return text;
    }
}
