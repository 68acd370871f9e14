package dev.weir.promql.answers;

import dev.weir.promql.answers.HistogramSamples.Layout;
import dev.weir.promql.generator.Flavor;
import dev.weir.promql.generator.Vocabulary;
import dev.weir.promql.script.MemoryStore;
import dev.weir.series.Labels;
import dev.weir.series.StaleMarker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/** An hour of what a small fleet and a malicious one might expose. The same seed gives the same samples. */
public final class SampleData {
    public static final long START_MS = 1_600_000_000_000L;
    public static final long END_MS = START_MS + 3_600_000;

    private static final List<String> JOBS = List.of("api", "db");
    private static final List<String> INSTANCES = List.of("a:80", "b:80", "c10:80");
    private static final String[] BOUNDS = {"0.1", "0.5", "1", "2.5", "10", "+Inf"};

    private final List<SampleSeries> series = new ArrayList<>();
    private final FloatSamples floats;
    private final HistogramSamples histograms;

    public SampleData(long seed) {
        Random random = new Random(seed);
        floats = new FloatSamples(random, START_MS, END_MS);
        histograms = new HistogramSamples(random, floats);
        for (String job : JOBS) {
            for (String instance : INSTANCES) {
                addReplica(job, instance);
            }
            add(floats.constant(7), "limits", "job", job, "owner", job + "-team");
            add(floats.gauge(20), "{quota.used}", "job", job, "k8s.pod", job + "-0");
        }
        addHistograms();
        addOddities();
        series.sort((a, b) -> a.labels().compareTo(b.labels()));
    }

    /** In the order of their labels. */
    List<SampleSeries> series() {
        return series;
    }

    public MemoryStore store() {
        MemoryStore store = MemoryStore.EMPTY;
        for (SampleSeries each : series) {
            store = store.with(each.labels(), each.samples());
        }
        return store;
    }

    public static Vocabulary vocabulary() {
        return new Vocabulary(
                Map.of(
                        Flavor.GAUGE,
                        List.of("temperature", "level", "up", "odd", "constant", "\"quota.used\"", "limits", "sparse"),
                        Flavor.COUNTER,
                        List.of("requests_total", "requests_total", "steady_total", "errors_total", "latency_count"),
                        Flavor.CLASSIC_HISTOGRAM,
                        List.of("latency_bucket", "latency_bucket", "broken_bucket", "both"),
                        Flavor.NATIVE_HISTOGRAM,
                        List.of("sizes", "sizes", "waits", "bounded", "mixed", "changing", "both", "rebounded")),
                Map.of(
                        "job", JOBS,
                        "instance", INSTANCES,
                        "mode", List.of("read", "write"),
                        "le", List.of("0.5", "1", "+Inf"),
                        "region", List.of("eu", "us"),
                        "kind", List.of("gauge", "falling", "endless", "10", "9"),
                        "k8s.pod", List.of("api-0", "db-0")),
                START_MS,
                END_MS);
    }

    private void addReplica(String job, String instance) {
        for (String mode : List.of("read", "write")) {
            add(floats.counter(), "requests_total", "job", job, "instance", instance, "mode", mode);
        }
        add(floats.sparse(), "errors_total", "job", job, "instance", instance);
        add(floats.gauge(job.equals("db") ? 3 : 0), "temperature", "job", job, "instance", instance);
        add(floats.level(3), "level", "job", job, "instance", instance);
        add(floats.level(2), "up", "job", job, "instance", instance);
        add(
                histograms.counter(Layout.exponential(job.equals("db") ? 0 : 2, false)),
                "sizes",
                "job",
                job,
                "instance",
                instance);
        add(histograms.counter(Layout.custom(0.1, 0.5, 2.0)), "bounded", "job", job, "instance", instance);
        addClassic(job, instance);
        NavigableMap<Long, Object> first = floats.constant(1);
        NavigableMap<Long, Object> second = new TreeMap<>(first.tailMap(START_MS + 2_000_000, true));
        String region = instance.startsWith("a") ? "us" : "eu";
        add(
                new TreeMap<>(first.headMap(START_MS + 2_100_000)),
                "target_info",
                "job",
                job,
                "instance",
                instance,
                "version",
                "1",
                "region",
                region);
        if (!instance.startsWith("b")) {
            add(second, "target_info", "job", job, "instance", instance, "version", "2", "region", region);
            add(floats.constant(1), "build_info", "job", job, "instance", instance, "version", "go" + job);
        }
    }

    private void addClassic(String job, String instance) {
        List<NavigableMap<Long, Object>> buckets = new ArrayList<>();
        NavigableMap<Long, Object> single = floats.counter();
        for (int i = 0; i < BOUNDS.length; i++) {
            double share = (i + 1.0) / BOUNDS.length;
            NavigableMap<Long, Object> bucket = new TreeMap<>(single);
            bucket.replaceAll((timeMs, value) -> isStale(value) ? value : (Object) Math.floor((Double) value * share));
            buckets.add(bucket);
            add(bucket, "latency_bucket", "job", job, "instance", instance, "le", BOUNDS[i]);
        }
        add(buckets.get(BOUNDS.length - 1), "latency_count", "job", job, "instance", instance);
    }

    private static boolean isStale(Object value) {
        return StaleMarker.isStale((Double) value);
    }

    private void addHistograms() {
        for (int schema : new int[] {-4, -1, 3, 8}) {
            add(
                    histograms.counter(Layout.exponential(schema, schema == 3)),
                    "waits",
                    "job",
                    "api",
                    "kind",
                    "" + schema);
        }
        add(histograms.gauge(Layout.exponential(1, true)), "waits", "job", "db", "kind", "gauge");
        add(histograms.gauge(Layout.custom(1.0, 2.0, 4.0)), "waits", "job", "db", "kind", "bounded gauge");
        add(histograms.mixed(Layout.exponential(0, false)), "mixed", "job", "api", "instance", "a:80");
        add(histograms.mixed(Layout.exponential(1, true)), "mixed", "job", "db", "instance", "b:80");
        add(floats.gauge(5), "mixed", "job", "db", "instance", "c10:80");
        add(
                histograms.changing(
                        Layout.exponential(3, false), Layout.exponential(1, true), Layout.exponential(0, false)),
                "changing",
                "job",
                "api",
                "instance",
                "a:80");
        add(
                histograms.changing(Layout.exponential(2, false), Layout.custom(1.0, 2.0)),
                "changing",
                "job",
                "db",
                "instance",
                "a:80");
        add(
                histograms.changing(Layout.custom(1.0, 2.0, 4.0), Layout.custom(1.0, 4.0), Layout.custom(2.0, 8.0)),
                "rebounded",
                "job",
                "db",
                "instance",
                "a:80");
        add(histograms.counter(Layout.custom(1.0, 2.0, 4.0, 8.0)), "rebounded", "job", "db", "instance", "b:80");
        add(histograms.counter(Layout.exponential(1, false)), "both", "job", "api", "instance", "a:80");
        for (String bound : List.of("1", "+Inf")) {
            add(floats.counter(), "both", "job", "api", "instance", "a:80", "le", bound);
            add(floats.counter(), "both", "job", "db", "instance", "a:80", "le", bound);
        }
    }

    private void addOddities() {
        for (String kind : List.of("9", "10", "x2")) {
            add(floats.odd(), "odd", "job", "api", "kind", kind);
            add(floats.odd(), "odd", "job", "db", "kind", kind);
        }
        add(floats.constant(42), "constant", "job", "api");
        add(floats.constant(Double.NaN), "constant", "job", "db");
        add(floats.constant(Double.NEGATIVE_INFINITY), "constant", "job", "db", "kind", "10");
        add(floats.sparse(), "sparse", "job", "api", "instance", "a:80");
        add(floats.sparse(), "sparse", "job", "db", "instance", "b:80");
        add(floats.steadyCounter(1.5), "steady_total", "job", "api", "instance", "a:80");
        add(floats.steadyCounter(0.1), "steady_total", "job", "db", "instance", "b:80");
        for (String bound : List.of("0.1", "1", "10", "+Inf")) {
            add(floats.level(50), "broken_bucket", "job", "api", "kind", "falling", "le", bound);
            if (!bound.equals("+Inf")) {
                add(floats.counter(), "broken_bucket", "job", "api", "kind", "endless", "le", bound);
            }
            add(floats.odd(), "broken_bucket", "job", "db", "kind", "odd", "le", bound);
        }
        add(floats.counter(), "broken_bucket", "job", "db", "kind", "text", "le", "wide");
        add(floats.counter(), "broken_bucket", "job", "db", "kind", "text", "le", "+Inf");
    }

    private void add(NavigableMap<Long, Object> samples, String name, String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = Labels.METRIC_NAME;
        all[1] = name.replace("{", "").replace("}", "");
        System.arraycopy(labels, 0, all, 2, labels.length);
        if (!samples.isEmpty()) {
            series.add(new SampleSeries(Labels.of(all), samples));
        }
    }
}
