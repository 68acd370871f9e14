package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a page in protobuf proves of its counters and histograms. */
class ProtobufTargetTest {
    private final TargetState state = new TargetState();
    private final PlainReport.Reader reader = new PlainReport.Reader();

    @Test
    void countsFromZeroWhatWasCreatedAfterTheJobWasWatched() {
        List<Increment> increments = scrape(15, new ProtobufPage().counter("c_total", 9, millis(5)));
        assertEquals(List.of("c_total"), names(increments));
        assertEquals(9, increments.get(0).amounts()[0]);
    }

    @Test
    void takesWhatIsOlderThanTheJobAsABaseline() {
        List<Increment> increments = scrape(15, new ProtobufPage().counter("c_total", 9, millis(-60)));
        assertEquals(List.of("c_total", OwnSeries.UNACCOUNTED), names(increments));
        assertEquals(0, increments.get(0).amounts()[0]);
    }

    @Test
    void countsFromZeroAgainWhenTheCreatedTimeChangesThoughTheValueRose() {
        scrape(15, new ProtobufPage().counter("c_total", 9, millis(5)));
        assertEquals(
                3,
                scrape(30, new ProtobufPage().counter("c_total", 12, millis(5)))
                        .get(0)
                        .amounts()[0]);
        assertEquals(
                20,
                scrape(45, new ProtobufPage().counter("c_total", 20, millis(40)))
                        .get(0)
                        .amounts()[0]);
    }

    @Test
    void classicBucketsMoveAsThoseOfText() {
        scrape(15, new ProtobufPage().histogram("h", 1, 2, 4, millis(5)));
        Increment increment = scrape(30, new ProtobufPage().histogram("h", 3, 5, 11, millis(5))).stream()
                .filter(moved -> moved.layout() != null)
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new double[] {2, 3, 0}, increment.amounts());
        assertEquals(7, increment.sumAmount());
        assertEquals("2.0", Objects.requireNonNull(increment.layout()).le(1));
    }

    @Test
    void damagedPageIsAFailedScrapeThatNamesItsByte() {
        byte[] page = new ProtobufPage().counter("c_total", 9, millis(5)).bytes();
        TargetStage.Result result = take(15, Arrays.copyOf(page, page.length - 1), ProtobufPage.CONTENT_TYPE);
        assertTrue(String.valueOf(result.error()).contains("byte 0: length of metric family"), result.error());
    }

    @Test
    void protobufOfAnotherKindIsAFailedScrapeThatNamesIt() {
        TargetStage.Result result = take(15, new byte[0], ProtobufPage.CONTENT_TYPE.replace("delimited", "text"));
        assertTrue(String.valueOf(result.error()).contains("encoding=delimited"), result.error());
    }

    @Test
    void fallbackIsForPagesWithoutAContentType() {
        byte[] page = new ProtobufPage().counter("c_total", 9, millis(5)).bytes();
        TargetStage.Result result =
                take("  fallback_scrape_protocol: PrometheusProto\n", 15, page, "application/octet-stream");
        assertNull(result.error());
        assertEquals(
                List.of("c_total"),
                names(reader.read(Objects.requireNonNull(result.report())).increments()));
    }

    private List<Increment> scrape(long second, ProtobufPage page) {
        TargetStage.Result result = take(second, page.bytes(), ProtobufPage.CONTENT_TYPE);
        assertNull(result.error());
        return reader.read(Objects.requireNonNull(result.report())).increments();
    }

    private TargetStage.Result take(long second, byte[] body, String contentType) {
        return take("", second, body, contentType);
    }

    private TargetStage.Result take(String jobRules, long second, byte[] body, String contentType) {
        WeirConfig config = WeirConfig.parse("scrape_configs:\n- job_name: j\n" + jobRules, "weir.yml");
        ScrapeEvent event = ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "j", "instance", "10.0.0.1:8000"))
                .setScraperId("s")
                .setRequestStartMs(millis(second))
                .setRequestEndMs(millis(second) + 5)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(millis(0))
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType(contentType)
                .setBody(ByteBuffer.wrap(body))
                .build();
        return new TargetStage(config, Profiles.builtIn(), Duration.ofHours(1))
                .take(state, "t", event, millis(second) + 5);
    }

    private static List<String> names(List<Increment> increments) {
        return increments.stream()
                .map(increment -> increment.labels().metricName())
                .toList();
    }

    private static long millis(long second) {
        return 1_700_000_000_000L + second * 1000;
    }
}
