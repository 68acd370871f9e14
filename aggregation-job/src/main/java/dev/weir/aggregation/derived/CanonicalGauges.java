package dev.weir.aggregation.derived;

import dev.weir.aggregation.canonical.CanonicalFamily;
import dev.weir.aggregation.canonical.CanonicalFamily.Shape;
import dev.weir.aggregation.canonical.GaugeAggregation;
import dev.weir.aggregation.canonical.GaugeBoard;
import dev.weir.aggregation.profile.Mapping;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.aggregation.profile.Profile;
import dev.weir.aggregation.report.GaugeValues;
import dev.weir.series.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the gauges that a target told go in the canonical vocabulary: found once, not with every report. */
public final class CanonicalGauges {
    /** The place of {@code up}, which a report has before all else. */
    private static final int UP = 0;

    private record Place(int gauge, Labels series, GaugeAggregation aggregation, double scale) {}

    private final List<Labels> replicas = new ArrayList<>();
    /** {@code inference_completeness_ratio} of each engine of the page, or of none. */
    private final List<Labels> ratios = new ArrayList<>();

    private final boolean engineKnown;
    private final List<Place> places = new ArrayList<>();

    public CanonicalGauges(PageProfile page, List<Labels> gauges, Labels group) {
        engineKnown = !page.profiles().isEmpty();
        if (!engineKnown) {
            ratios.add(ratioWithoutEngine(group));
        }
        for (Profile profile : page.profiles()) {
            ratios.add(Mapping.labels(profile, CanonicalFamily.COMPLETENESS, group, group));
            if (profile.replicas()) {
                replicas.add(Mapping.labels(profile, CanonicalFamily.REPLICAS, group, group));
            }
        }
        for (int i = 0; i < gauges.size(); i++) {
            Labels gauge = gauges.get(i);
            for (Mapping mapping : page.mappingsOf(gauge.metricName())) {
                if (mapping.family().shape() == Shape.GAUGE && mapping.selects(gauge)) {
                    places.add(new Place(i, mapping.labels(gauge, group), mapping.aggregation(), mapping.scale()));
                }
            }
        }
    }

    static Labels ratioWithoutEngine(Labels group) {
        return Mapping.labels(CanonicalFamily.COMPLETENESS, group);
    }

    static boolean isUp(GaugeValues values) {
        return values.size() > 0 && values.values()[UP] == 1;
    }

    /** The ratios that a target with such values has a part in; null if the values do not tell what its page is. */
    @Nullable
    List<Labels> ratios(GaugeValues values) {
        return engineKnown || isUp(values) ? ratios : null;
    }

    /** What the values say; nothing if the scrape failed. */
    GaugeBoard.Page page(GaugeValues values) {
        GaugeBoard.Page page = new GaugeBoard.Page();
        if (!isUp(values)) {
            return page;
        }
        for (Labels series : replicas) {
            page.add(series, GaugeAggregation.SUM, 1);
        }
        for (Place place : places) {
            if (place.gauge() < values.size()) {
                page.add(place.series(), place.aggregation(), place.scale() * values.values()[place.gauge()]);
            }
        }
        return page;
    }
}
