package dev.weir.aggregation.group;

import dev.weir.aggregation.derived.CanonicalGauges;
import dev.weir.aggregation.profile.PageProfile;
import dev.weir.series.Labels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A target as its lane knows it: what it told, and its gauges. */
final class ToldTarget {
    final Group group;
    final long shape;
    /** Text of its page's profile. */
    final String page;

    final List<Output> outputs;
    final List<Labels> gauges;
    final GaugeTarget values;
    /** Whether it said goodbye; it is forgotten once its gauges have ended. */
    boolean leaving;

    /** Where its gauges go in the canonical vocabulary; found with the first report. */
    private @Nullable CanonicalGauges canonicalGauges;

    ToldTarget(Group group, long shape, String page, List<Output> outputs, List<Labels> gauges, GaugeTarget values) {
        this.group = group;
        this.shape = shape;
        this.page = page;
        this.outputs = outputs;
        this.gauges = gauges;
        this.values = values;
    }

    CanonicalGauges canonicalGauges(PageProfile page) {
        CanonicalGauges known = canonicalGauges;
        if (known == null) {
            known = new CanonicalGauges(page, gauges, group.labels());
            canonicalGauges = known;
        }
        return known;
    }
}
