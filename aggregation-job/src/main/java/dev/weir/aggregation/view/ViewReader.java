package dev.weir.aggregation.view;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.canonical.Vantage;
import dev.weir.aggregation.profile.Source;
import dev.weir.aggregation.profile.SourceReader;
import dev.weir.aggregation.view.View.DerivedQuantile;
import dev.weir.aggregation.view.View.RollingTotal;
import dev.weir.aggregation.view.View.ViewFamily;
import dev.weir.configuration.YamlKeys;
import dev.weir.configuration.YamlMap;
import dev.weir.configuration.YamlValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a view file; every complaint names the place, the key and what is expected there. */
final class ViewReader {
    private static final YamlKeys TOP =
            YamlKeys.of("view", "step", "vantage", "source", "labels", "families", "quantiles", "rolling");
    private static final YamlKeys FAMILY = YamlKeys.of("type", "help", "from", "per_replica");
    private static final YamlKeys QUANTILE = YamlKeys.of("of", "quantile", "help");
    private static final YamlKeys ROLLING = YamlKeys.of("of", "over", "help");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Map<String, String> SOURCES = Map.of("scrapes", "scrapes");
    private static final Map<String, Shape> SHAPES =
            Map.of("counter", Shape.COUNTER, "histogram", Shape.HISTOGRAM, "gauge", Shape.GAUGE);
    private static final Duration MOST_ROLLING = Duration.ofDays(7);

    private ViewReader() {}

    static View read(YamlValue document) {
        YamlMap top = document.asMap(TOP);
        List<ViewFamily> families = top.require("families", ViewReader::families);
        return new View(
                top.require("view", YamlValue::asNonEmptyString),
                top.get("step", YamlValue::asPositiveDuration, Duration.ZERO).toMillis(),
                top.get("vantage", value -> value.asOneOf(Vantage.words()), Vantage.ENGINE),
                top.get("source", value -> value.asOneOf(SOURCES), "scrapes"),
                top.get("labels", YamlValue::asStringMap, Map.of()),
                families,
                top.get("quantiles", value -> quantiles(value, families), List.of()),
                top.get("rolling", value -> rolling(value, families), List.of()));
    }

    private static List<ViewFamily> families(YamlValue value) {
        List<ViewFamily> families = new ArrayList<>();
        value.asMapOf(entry -> entry).forEach((name, entry) -> families.add(family(checked(name, entry), entry)));
        return families;
    }

    private static ViewFamily family(String name, YamlValue value) {
        YamlMap map = value.asMap(FAMILY);
        Shape shape = map.require("type", word -> word.asOneOf(SHAPES));
        if (shape != Shape.GAUGE && map.has("per_replica")) {
            throw map.error(
                    "per_replica", value.path() + ".per_replica: of a family that is no gauge (expected: none)");
        }
        return new ViewFamily(
                name,
                shape,
                map.get("help", YamlValue::asString, ""),
                map.require("from", from -> alternatives(from, shape)),
                map.get("per_replica", YamlValue::asBoolean, false));
    }

    private static List<List<Source>> alternatives(YamlValue from, Shape shape) {
        List<List<Source>> alternatives = SourceReader.alternatives(from, shape);
        for (List<Source> alternative : alternatives) {
            for (Source source : alternative) {
                CanonicalFamily family = CanonicalFamily.words().get(source.family());
                if (family == null) {
                    throw from.error(from.path() + ": \"" + source.family() + "\" (expected: "
                            + String.join(", ", CanonicalFamily.words().keySet()) + ")");
                }
                if ((family.shape() == Shape.GAUGE) != (shape == Shape.GAUGE)) {
                    throw from.error(from.path() + ": " + source.family() + " (expected: "
                            + (shape == Shape.GAUGE ? "a gauge" : "a counter or histogram") + ")");
                }
            }
        }
        return alternatives;
    }

    private static List<DerivedQuantile> quantiles(YamlValue value, List<ViewFamily> families) {
        List<DerivedQuantile> quantiles = new ArrayList<>();
        value.asMapOf(entry -> entry).forEach((name, entry) -> {
            YamlMap map = entry.asMap(QUANTILE);
            double quantile = map.require("quantile", YamlValue::asPositiveNumber);
            if (quantile >= 1) {
                throw map.error("quantile", entry.path() + ".quantile: " + quantile + " (expected: above 0, below 1)");
            }
            quantiles.add(new DerivedQuantile(
                    checked(name, entry),
                    map.require("of", of -> ofShape(of, families, Shape.HISTOGRAM)),
                    quantile,
                    map.get("help", YamlValue::asString, "")));
        });
        return quantiles;
    }

    private static List<RollingTotal> rolling(YamlValue value, List<ViewFamily> families) {
        List<RollingTotal> totals = new ArrayList<>();
        value.asMapOf(entry -> entry).forEach((name, entry) -> {
            YamlMap map = entry.asMap(ROLLING);
            Duration over = map.require("over", YamlValue::asPositiveDuration);
            if (over.compareTo(MOST_ROLLING) > 0) {
                throw map.error("over", entry.path() + ".over: above 7d (expected: at most that)");
            }
            totals.add(new RollingTotal(
                    checked(name, entry),
                    map.require("of", of -> ofShape(of, families, Shape.COUNTER)),
                    over.toMillis(),
                    map.get("help", YamlValue::asString, "")));
        });
        return totals;
    }

    private static String ofShape(YamlValue of, List<ViewFamily> families, Shape shape) {
        for (ViewFamily family : families) {
            if (family.name().equals(of.asString()) && family.shape() == shape) {
                return family.name();
            }
        }
        throw of.error(of.path() + ": \"" + of.asString() + "\" (expected: a "
                + (shape == Shape.HISTOGRAM ? "histogram" : "counter") + " of this view)");
    }

    private static String checked(String name, YamlValue at) {
        if (!NAME.matcher(name).matches()) {
            throw at.error(at.path() + ": \"" + name + "\" (expected: a metric's name)");
        }
        return name;
    }
}
