package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.aggregation.group.Lane;
import dev.weir.aggregation.group.SeriesRecord;
import dev.weir.aggregation.group.StoredLane;
import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.remotewrite.Histogram;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import dev.weir.series.StaleMarker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native histograms of two pods, from their pages to the records that leave. Windows of 5 s; times are seconds. */
class NativeHistogramFlowTest {
    private static final Duration EXPIRY = Duration.ofHours(1);

    private final TargetStage stage = new TargetStage(
            WeirConfig.parse("scrape_configs:\n- job_name: j\n", "weir.yml"), Profiles.builtIn(), EXPIRY);
    private final LaneRules rules =
            new LaneRules(5_000, EXPIRY.toMillis(), new PageProfiles(Profiles.builtIn()), List.of(), new NoConflicts());
    private final Map<String, TargetState> states = new HashMap<>();
    private Lane lane = new Lane(0, 5_000);
    private final StoredLane stored = new StoredLane();

    private static final String ENGINE = "vllm:time_to_first_token_seconds";
    private static final String CANONICAL = "inference_time_to_first_token_seconds";

    /** By metric name. */
    private final Map<String, NavigableMap<Long, Histogram>> histograms = new HashMap<>();

    /** By metric name, with the quantile if there is one. */
    private final Map<String, NavigableMap<Long, Double>> values = new HashMap<>();

    private final NavigableMap<Long, Histogram> natives = histograms("h");
    private final NavigableMap<Long, Double> counts = values("h_count");
    private final NavigableMap<Long, Double> unaccounted = values(OwnSeries.UNACCOUNTED);

    @Test
    void sumsTheBucketsOfAllPodsAndEachPointHasTheCountOfTheClassicPart() {
        scrape("a", 15, new ProtobufPage().histogram("h", 1, 2, 4, millis(5)));
        scrape("b", 17, new ProtobufPage().histogram("h", 10, 0, 5, millis(6)));
        scrape("a", 30, new ProtobufPage().histogram("h", 4, 5, 11, millis(5)));
        advance(60);
        assertBuckets(14, 5, 16);
        Histogram first = natives.firstEntry().getValue();
        assertEquals(0, first.getCountInt(), "a first point of zero");
        natives.forEach((timestamp, point) ->
                assertEquals(counts.get(timestamp), (double) point.getCountInt(), "at " + timestamp));
        assertEquals(counts.keySet(), natives.keySet());
        assertTrue(unaccounted.isEmpty());
    }

    @Test
    void podThatBeganAnewAddsAllThatItHas() {
        scrape("a", 15, new ProtobufPage().histogram("h", 1, 2, 4, millis(5)));
        scrape("a", 30, new ProtobufPage().histogram("h", 2, 2, 5, millis(20)));
        advance(60);
        assertBuckets(3, 4, 9);
    }

    @Test
    void whatIsOlderThanTheJobIsABaselineOfTheNativeBucketsToo() {
        scrape("a", 15, new ProtobufPage().histogram("h", 100, 200, 400, millis(-60)));
        scrape("a", 30, new ProtobufPage().histogram("h", 101, 203, 405, millis(-60)));
        advance(60);
        assertBuckets(1, 3, 5);
    }

    @Test
    void restoredStatesGoOnAsTheyWere() {
        scrape("a", 15, new ProtobufPage().histogram("h", 1, 2, 4, millis(5)));
        advance(20);
        lane = stored.restart(lane);
        states.replaceAll((pod, state) -> restored(state));
        scrape("a", 30, new ProtobufPage().histogram("h", 4, 5, 11, millis(5)));
        lane = stored.restart(lane);
        advance(60);
        assertBuckets(4, 5, 11);
    }

    @Test
    void endsWithItsMarkerAnHourAfterTheLastPod() {
        scrape("a", 15, new ProtobufPage().histogram("h", 1, 2, 4, millis(5)));
        advance(60);
        for (long second = 65; second <= 4_000; second += 5) {
            advance(second);
        }
        Histogram last = natives.lastEntry().getValue();
        assertTrue(StaleMarker.isStale(last.getSum()), last.toString());
    }

    @ParameterizedTest(name = "classic buckets {0}")
    @ValueSource(booleans = {true, false})
    void canonicalLatenciesGoByTheNativeBucketsAndCountNothingTwice(boolean classic) {
        scrape("a", 15, new ProtobufPage().histogram(ENGINE, 90, 10, 60, millis(5), classic, true));
        advance(60);
        // The first classic bucket would begin at 0.
        assertEquals(Set.of(0.5), told(CANONICAL + "_quantile_lower 0.5"));
        assertEquals(Set.of(1.0), told(CANONICAL + "_quantile_upper 0.5"));
        assertEquals(Set.of(1.0), told(CANONICAL + "_quantile_lower 0.99"));
        assertEquals(Set.of(2.0), told(CANONICAL + "_quantile_upper 0.99"));
        Histogram last = histograms(CANONICAL).lastEntry().getValue();
        assertEquals(5, last.getSchema());
        assertEquals(100, count(last), 1e-9);
        assertEquals(60, last.getSum(), 1e-9);
        assertEquals(100, values(CANONICAL + "_count").lastEntry().getValue());
    }

    @Test
    void podsWithClassicBucketsAloneCountBesideThoseWithNativeOnes() {
        scrape("a", 15, new ProtobufPage().histogram(ENGINE, 100, 0, 60, millis(5)));
        scrape("b", 15, new ProtobufPage().histogram(ENGINE, 0, 10, 15, millis(5), true, false));
        advance(60);
        Histogram last = histograms(CANONICAL).lastEntry().getValue();
        assertEquals(110, count(last), 1e-9);
        assertEquals(75, last.getSum(), 1e-9);
        assertEquals(Set.of(0.5), told(CANONICAL + "_quantile_lower 0.5"));
        assertEquals(Set.of(2.0), told(CANONICAL + "_quantile_upper 0.99"));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {71, 72, 73, 74, 75, 76})
    void holdsWhateverPodsGainByWhicheverBuckets(long seed) {
        Random random = new Random(seed);
        long[] below1 = new long[4];
        long[] below2 = new long[4];
        double[] sums = new double[4];
        for (long second = 15; second < 400; second += 1 + random.nextInt(7)) {
            int pod = random.nextInt(4);
            long more1 = random.nextInt(9);
            long more2 = random.nextInt(9);
            below1[pod] += more1;
            below2[pod] += more2;
            sums[pod] += 0.75 * more1 + 1.5 * more2;
            boolean natives = pod < 2 || (pod == 2 && random.nextBoolean());
            boolean classic = pod > 0;
            if (states.containsKey("" + pod) && random.nextInt(4) == 0) {
                lane = stored.restart(lane);
                states.replaceAll((name, state) -> restored(state));
            }
            scrape(
                    "" + pod,
                    second,
                    new ProtobufPage()
                            .histogram(ENGINE, below1[pod], below2[pod], sums[pod], millis(1), classic, natives));
            advance(second - 3);
        }
        advance(500);
        Histogram last = histograms(CANONICAL).lastEntry().getValue();
        double unknown = unaccounted.isEmpty() ? 0 : unaccounted.lastEntry().getValue();
        double expected = Arrays.stream(below1).sum() + Arrays.stream(below2).sum();
        assertEquals(expected, values(CANONICAL + "_count").lastEntry().getValue(), 1e-6);
        // What native buckets do not tell is known by the classic ones.
        assertEquals(expected, count(last), 1e-6, () -> "seed " + seed + ", unaccounted " + unknown);
        assertEquals(Arrays.stream(sums).sum(), last.getSum(), 1e-6);
    }

    private static double count(Histogram histogram) {
        return histogram.hasCountFloat() ? histogram.getCountFloat() : histogram.getCountInt();
    }

    /** All values but stale markers. */
    private Set<Double> told(String series) {
        return values(series).values().stream()
                .filter(value -> !StaleMarker.isStale(value))
                .collect(Collectors.toSet());
    }

    private NavigableMap<Long, Histogram> histograms(String name) {
        return histograms.computeIfAbsent(name, key -> new TreeMap<>());
    }

    private NavigableMap<Long, Double> values(String name) {
        return values.computeIfAbsent(name, key -> new TreeMap<>());
    }

    private void assertBuckets(long bucket0, long bucket1, double sum) {
        Histogram last = natives.lastEntry().getValue();
        assertEquals(0, last.getSchema());
        assertEquals(List.of(bucket0, bucket1 - bucket0), last.getPositiveDeltasList());
        assertEquals(0, last.getPositiveSpans(0).getOffset());
        assertEquals(2, last.getPositiveSpans(0).getLength());
        assertEquals(bucket0 + bucket1, last.getCountInt());
        assertEquals(sum, last.getSum(), 1e-9);
    }

    private void scrape(String pod, long second, ProtobufPage page) {
        ScrapeEvent event = ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://" + pod + ":8000/metrics")
                .setLabels(Map.of("job", "j", "instance", pod))
                .setScraperId("s")
                .setRequestStartMs(millis(second))
                .setRequestEndMs(millis(second))
                .setIntervalMs(15_000)
                .setWatchedSinceMs(millis(0))
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType(ProtobufPage.CONTENT_TYPE)
                .setBody(ByteBuffer.wrap(page.bytes()))
                .build();
        TargetState state = states.computeIfAbsent(pod, name -> new TargetState());
        TargetStage.Result result = stage.take(state, pod, event, millis(second));
        assertNull(result.error());
        assertEquals(0, result.nativesLeftOut());
        ScrapeReport report = result.report();
        if (report == null) {
            throw new AssertionError("no report: " + result.verdict());
        }
        lane.take(shipped(report), rules);
    }

    private void advance(long second) {
        lane.advance(millis(second), rules, this::receive);
    }

    private void receive(SeriesRecord record) {
        try {
            for (TimeSeries series : WriteRequest.parseFrom(record.value()).getTimeseriesList()) {
                String name = series.getLabelsList().stream()
                        .filter(label -> label.getName().equals("__name__"))
                        .map(Label::getValue)
                        .findFirst()
                        .orElse("");
                String quantile = series.getLabelsList().stream()
                        .filter(label -> label.getName().equals("quantile"))
                        .map(label -> " " + label.getValue())
                        .findFirst()
                        .orElse("");
                series.getHistogramsList().forEach(point -> histograms(name).put(point.getTimestamp(), point));
                series.getSamplesList()
                        .forEach(sample -> values(name + quantile).put(sample.getTimestamp(), sample.getValue()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private static DataInputStream stored(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(new DataOutputStream(bytes));
        return new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
    }

    private static TargetState restored(TargetState state) {
        try {
            return TargetState.read(stored(state::write));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ScrapeReport shipped(ScrapeReport report) {
        try {
            return ScrapeReport.read(stored(report::write));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millis(long second) {
        return 1_700_000_000_000L + second * 1000;
    }
}
