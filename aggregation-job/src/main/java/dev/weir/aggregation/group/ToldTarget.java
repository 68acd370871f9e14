package dev.weir.aggregation.group;

import dev.weir.series.Labels;
import java.util.List;

/** A target as its lane knows it: what it told, and its gauges. */
final class ToldTarget {
    final Group group;
    final long shape;
    final List<Output> outputs;
    final List<Labels> gauges;
    final GaugeTarget values;
    /** Whether it said goodbye; it is forgotten once its gauges have ended. */
    boolean leaving;

    ToldTarget(Group group, long shape, List<Output> outputs, List<Labels> gauges, GaugeTarget values) {
        this.group = group;
        this.shape = shape;
        this.outputs = outputs;
        this.gauges = gauges;
        this.values = values;
    }
}
