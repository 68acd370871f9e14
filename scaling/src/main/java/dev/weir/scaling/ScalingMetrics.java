package dev.weir.scaling;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What scaling tells of itself in the Prometheus text format. Thread-safe. */
final class ScalingMetrics {
    private final boolean dryRun;
    private final Map<String, Double> values = new ConcurrentSkipListMap<>();
    private final Map<String, Double> workers = new ConcurrentSkipListMap<>();
    private final Map<String, Double> wanted = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> decisions = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> changes = new ConcurrentSkipListMap<>();

    ScalingMetrics(boolean dryRun) {
        this.dryRun = dryRun;
    }

    /** What is not known is absent. */
    void decided(String rule, Observation observed, @Nullable Workers seen, Decision decision) {
        String label = "rule=\"" + escaped(rule) + "\"";
        set(values, label, observed.value());
        set(workers, label, seen == null ? Double.NaN : seen.count());
        set(wanted, label, decision.kind() == Decision.Kind.UNKNOWN ? Double.NaN : decision.workers());
        count(decisions, label + ",decision=\"" + decision.kind().name().toLowerCase(Locale.ROOT) + "\"");
    }

    /** @param outcome done, failed or dry_run */
    void changed(String rule, String outcome) {
        count(changes, "rule=\"" + escaped(rule) + "\",outcome=\"" + outcome + "\"");
    }

    String text() {
        StringBuilder text = new StringBuilder(1024);
        family(text, "weir_scaling_dry_run", "gauge", "1 if decisions are told only.", Map.of());
        text.append("weir_scaling_dry_run ").append(dryRun ? 1 : 0).append('\n');
        family(text, "weir_scaling_value", "gauge", "What the rule's expression gave last.", values);
        family(text, "weir_scaling_workers", "gauge", "Workers of the rule's model.", workers);
        family(text, "weir_scaling_workers_wanted", "gauge", "Workers that the last decision was for.", wanted);
        family(text, "weir_scaling_decisions_total", "counter", "Evaluations, by what came of them.", sums(decisions));
        family(text, "weir_scaling_changes_total", "counter", "Changes that were decided, by outcome.", sums(changes));
        return text.toString();
    }

    private static void family(StringBuilder text, String name, String type, String help, Map<String, Double> samples) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        samples.forEach((labels, value) -> text.append(name)
                .append('{')
                .append(labels)
                .append("} ")
                .append(number(value))
                .append('\n'));
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static Map<String, Double> sums(Map<String, LongAdder> counters) {
        Map<String, Double> sums = new TreeMap<>();
        counters.forEach((labels, counter) -> sums.put(labels, (double) counter.sum()));
        return sums;
    }

    private static void set(Map<String, Double> gauges, String labels, double value) {
        if (Double.isNaN(value)) {
            gauges.remove(labels);
        } else {
            gauges.put(labels, value);
        }
    }

    private static void count(Map<String, LongAdder> counters, String labels) {
        counters.computeIfAbsent(labels, l -> new LongAdder()).increment();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
