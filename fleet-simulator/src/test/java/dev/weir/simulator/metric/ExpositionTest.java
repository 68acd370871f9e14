package dev.weir.simulator.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.weir.simulator.metric.Family.Options;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    private static final long CREATED = 1_785_966_956_844_271L;

    @Test
    void pythonTextGivesCreationTimesAFamilyOfTheirOwn() {
        assertEquals("""
                # HELP vllm:requests_total Requests.
                # TYPE vllm:requests_total counter
                vllm:requests_total{engine="0",model_name="a\\"b"} 3.0
                # HELP vllm:requests_created Requests.
                # TYPE vllm:requests_created gauge
                vllm:requests_created{engine="0",model_name="a\\"b"} 1.785966956844271e+09
                # HELP vllm:wait_seconds Wait.
                # TYPE vllm:wait_seconds histogram
                vllm:wait_seconds_bucket{engine="0",le="0.3",model_name="m"} 1.0
                vllm:wait_seconds_bucket{engine="0",le="1.0",model_name="m"} 1.0
                vllm:wait_seconds_bucket{engine="0",le="+Inf",model_name="m"} 2.0
                vllm:wait_seconds_count{engine="0",model_name="m"} 2.0
                vllm:wait_seconds_sum{engine="0",model_name="m"} 2.3
                # HELP vllm:wait_seconds_created Wait.
                # TYPE vllm:wait_seconds_created gauge
                vllm:wait_seconds_created{engine="0",model_name="m"} 1.785966956844271e+09
                """, write(Exposition.PYTHON_TEXT, python()));
    }

    @Test
    void pythonOpenMetricsNamesTheFamilyWithoutTotal() {
        assertEquals("""
                # HELP vllm:requests Requests.
                # TYPE vllm:requests counter
                vllm:requests_total{engine="0",model_name="a\\"b"} 3.0
                vllm:requests_created{engine="0",model_name="a\\"b"} 1.785966956844271e+09
                # HELP vllm:wait_seconds Wait.
                # TYPE vllm:wait_seconds histogram
                vllm:wait_seconds_bucket{engine="0",le="0.3",model_name="m"} 1.0
                vllm:wait_seconds_bucket{engine="0",le="1.0",model_name="m"} 1.0
                vllm:wait_seconds_bucket{engine="0",le="+Inf",model_name="m"} 2.0
                vllm:wait_seconds_count{engine="0",model_name="m"} 2.0
                vllm:wait_seconds_sum{engine="0",model_name="m"} 2.3
                vllm:wait_seconds_created{engine="0",model_name="m"} 1.785966956844271e+09
                # EOF
                """, write(Exposition.PYTHON_OPENMETRICS, python()));
    }

    @Test
    void simpleclientEndsLabelsWithACommaAndAnnouncesEmptyFamilies() {
        MetricSet set = new MetricSet(false);
        Family busy = set.register(
                MetricType.COUNTER, "Requests2XX", "h", Options.none().labels("Level", "Hostname"));
        set.register(MetricType.COUNTER, "Requests5XX", "h", Options.none().labels("Level", "Hostname"));
        busy.with(0, "Host", "x").add(12_000_000);
        Snapshot snapshot = set.snapshot(0);
        assertEquals("""
                # HELP Requests2XX h
                # TYPE Requests2XX counter
                Requests2XX{Level="Host",Hostname="x",} 1.2E7
                # HELP Requests5XX h
                # TYPE Requests5XX counter
                """, write(Exposition.JAVA_SIMPLECLIENT, snapshot));
        assertEquals("", write(Exposition.JAVA_SIMPLECLIENT, snapshot.only(Set.of("Requests5XX"))));
    }

    @Test
    void goSortsFamiliesAndLabelsAndLeavesEmptyFamiliesOut() {
        MetricSet set = new MetricSet(false);
        Family later = set.register(MetricType.GAUGE, "b", "h", Options.none().labels("z", "a"));
        set.register(MetricType.GAUGE, "c", "h", Options.none());
        Family first = set.register(
                MetricType.HISTOGRAM, "a", "h", Options.none().labels("x").buckets(1, 1_048_576));
        later.with(0, "2", "1").set(0.5);
        first.with(0, "v").observe(7);
        assertEquals("""
                # HELP a h
                # TYPE a histogram
                a_bucket{x="v",le="1"} 0
                a_bucket{x="v",le="1.048576e+06"} 1
                a_bucket{x="v",le="+Inf"} 1
                a_sum{x="v"} 7
                a_count{x="v"} 1
                # HELP b h
                # TYPE b gauge
                b{a="1",z="2"} 0.5
                """, write(Exposition.GO, set.snapshot(0)));
    }

    @Test
    void pythonChoosesOpenMetricsAsSoonAsItIsAccepted() {
        assertSame(Exposition.PYTHON_TEXT, Exposition.python(""));
        assertSame(Exposition.PYTHON_TEXT, Exposition.python("text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
        assertSame(
                Exposition.PYTHON_OPENMETRICS,
                Exposition.python("text/plain, application/openmetrics-text;version=1.0.0;q=0.1"));
    }

    @Test
    void goChoosesProtobufWhereItIsPreferredToText() {
        String protobuf =
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6";
        assertSame(Exposition.GO, Exposition.go(""));
        assertSame(Exposition.GO, Exposition.go("application/openmetrics-text;version=1.0.0,text/plain;q=0.4"));
        assertSame(Exposition.GO_PROTOBUF, Exposition.go(protobuf + ",text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
        assertSame(Exposition.GO, Exposition.go("text/plain;version=0.0.4;q=0.9," + protobuf));
        assertSame(Exposition.GO, Exposition.go(protobuf.replace("delimited", "text")));
    }

    @Test
    void protobufHasCreationTimesAndNativeHistogramsBesideClassicBuckets() {
        MetricSet set = new MetricSet(false);
        Series series = set.register(
                        MetricType.HISTOGRAM,
                        "h",
                        "?",
                        Options.none().labels("a").units(10).buckets(1).withNative())
                .with(1_500_000, "b");
        series.observe(0); // zero bucket
        series.observe(10); // 1.0, the upper end of bin 0
        series.observe(11, 2); // 1.1, in bin 2: 2^(1/8) is 1.0905, 2^(2/8) is 1.189
        series.observe(80); // 8.0, the upper end of bin 24
        // Written out from the message's fields, independently of the code: tag, length or value.
        String expected = "5b" // 91 bytes
                + "0a0168" + "12013f" + "1804" // name h, help ?, type HISTOGRAM
                + "2251" // metric, 81 bytes
                + "0a06" + "0a0161" + "120162" // label a=b
                + "3a47" // histogram, 71 bytes
                + "0805" + "116666666666662640" // count 5, sum 11.2
                + "1a0b" + "0802" + "11000000000000f03f" // bucket 1.0: 2
                + "2806" + "31000000000000f037" + "3801" // schema 3, zero_threshold 2^-128, zero_count 1
                + "6204" + "0800" + "1001" // span 0, 1
                + "6204" + "0802" + "1001" // span 1, 1
                + "6204" + "082a" + "1001" // span 21, 1
                + "6802" + "6802" + "6801" // deltas 1, 1, -1
                + "7a08" + "0801" + "1080cab5ee01"; // created 1.5 s
        assertEquals(expected, HexFormat.of().formatHex(Exposition.GO_PROTOBUF.body(set.snapshot(0))));
    }

    @Test
    void snapshotsDoNotMove() {
        MetricSet set = new MetricSet(true);
        Family family =
                set.register(MetricType.COUNTER, "x", "h", Options.none().labels("a"));
        family.with(0, "1").add(1);
        Snapshot before = set.snapshot(0);
        family.with(0, "1").add(1);
        family.with(0, "2").add(1);
        assertEquals(
                "# HELP x_total h\n# TYPE x_total counter\nx_total{a=\"1\"} 1.0\n",
                write(Exposition.PYTHON_TEXT, before));
    }

    private static Snapshot python() {
        MetricSet set = new MetricSet(true);
        Options labels = Options.none().labels("model_name", "engine").withCreated();
        set.register(MetricType.COUNTER, "vllm:requests", "Requests.", labels)
                .with(CREATED, "a\"b", "0")
                .add(3);
        Series wait = set.register(
                        MetricType.HISTOGRAM,
                        "vllm:wait_seconds",
                        "Wait.",
                        labels.units(1e6).buckets(0.3, 1))
                .with(CREATED, "m", "0");
        wait.observe(300_000);
        wait.observe(2_000_000);
        return set.snapshot(0);
    }

    private static String write(Exposition exposition, Snapshot snapshot) {
        return new String(exposition.body(snapshot), StandardCharsets.UTF_8);
    }
}
