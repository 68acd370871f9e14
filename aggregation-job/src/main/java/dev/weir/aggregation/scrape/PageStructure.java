package dev.weir.aggregation.scrape;

import dev.weir.aggregation.profile.PageFamily;
import dev.weir.aggregation.profile.PageMatch;
import dev.weir.aggregation.profile.ProfileMatcher;
import dev.weir.exposition.Exposition;
import dev.weir.exposition.MetricFamily;
import dev.weir.exposition.MetricType;
import dev.weir.exposition.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A page with its profile: families without TYPE line have the type that the profile gives them.
 *
 * @param exposition the page, retyped where need was
 */
record PageStructure(Exposition exposition, PageMatch match) {
    private static final List<String> HISTOGRAM_SUFFIXES = List.of("_bucket", "_count", "_sum");

    static PageStructure of(Exposition page, ProfileMatcher matcher) {
        PageMatch match = matcher.match(families(page));
        boolean untyped = page.families().stream().anyMatch(family -> family.type() == MetricType.UNKNOWN);
        if (!untyped || !match.givesTypes()) {
            return new PageStructure(page, match);
        }
        Exposition typed = retype(page, match);
        return new PageStructure(typed, matcher.match(families(typed)));
    }

    private static List<PageFamily> families(Exposition page) {
        List<PageFamily> families = new ArrayList<>(page.families().size());
        for (MetricFamily family : page.families()) {
            families.add(new PageFamily(
                    seriesName(family),
                    family.type(),
                    family.help(),
                    !family.samples().isEmpty()));
        }
        return families;
    }

    /** An OpenMetrics counter's series are called otherwise than their family. */
    private static String seriesName(MetricFamily family) {
        if (family.type() == MetricType.COUNTER) {
            for (Sample sample : family.samples()) {
                if (!sample.name().endsWith("_created")) {
                    return sample.name();
                }
            }
        }
        return family.name();
    }

    private static Exposition retype(Exposition page, PageMatch match) {
        Map<String, MetricFamily> families = new LinkedHashMap<>();
        for (MetricFamily family : page.families()) {
            MetricFamily typed = family.type() == MetricType.UNKNOWN ? retype(family, match) : family;
            families.merge(typed.name(), typed, PageStructure::join);
        }
        return new Exposition(new ArrayList<>(families.values()));
    }

    private static MetricFamily retype(MetricFamily family, PageMatch match) {
        MetricType type = match.typeOf(family.name());
        if (type != null) {
            List<Sample> samples = type == MetricType.HISTOGRAM ? buckets(family) : family.samples();
            return new MetricFamily(family.name(), type, family.help(), family.unit(), samples);
        }
        for (String suffix : HISTOGRAM_SUFFIXES) {
            if (family.name().endsWith(suffix)) {
                String name = family.name().substring(0, family.name().length() - suffix.length());
                if (match.typeOf(name) == MetricType.HISTOGRAM) {
                    return new MetricFamily(name, MetricType.HISTOGRAM, family.help(), family.unit(), family.samples());
                }
            }
        }
        return family;
    }

    /** Triton's documentation shows buckets without their suffix. */
    private static List<Sample> buckets(MetricFamily family) {
        return family.samples().stream()
                .map(sample -> sample.labels().get("le") == null
                        ? sample
                        : sample.relabelled(family.name() + "_bucket", sample.labels()))
                .toList();
    }

    private static MetricFamily join(MetricFamily first, MetricFamily second) {
        List<Sample> samples = new ArrayList<>(first.samples());
        samples.addAll(second.samples());
        String help = first.help().isEmpty() ? second.help() : first.help();
        return new MetricFamily(first.name(), first.type(), help, first.unit(), samples);
    }
}
