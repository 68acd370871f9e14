package dev.weir.aggregation.scrape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.Increment;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.aggregation.report.PlainReport;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every proof that a series began after the last look (rule 2), from the bytes of each form in which a page can tell it. The job
 * is watched since second 0 and scraped every 15 s; pages have a counter {@code c_total} and a histogram {@code h} of one value.
 */
class ProofsOfStartTest {
    private static final long NOT_TOLD = ProtobufPage.NOT_TOLD;

    private final TargetStage stage = new TargetStage(WeirConfig.empty(), Profiles.builtIn(), Duration.ofHours(1));
    private final TargetState state = new TargetState();
    private final PlainReport.Reader reader = new PlainReport.Reader();

    enum Form {
        TEXT("text/plain; version=0.0.4") {
            @Override
            byte[] page(int value, long createdMs, long processStartMs) {
                StringBuilder page = new StringBuilder("# TYPE c_total counter\nc_total " + value + "\n");
                created(page, "# TYPE c_created gauge\nc_created ", createdMs);
                page.append(histogram(value));
                created(page, "# TYPE h_created gauge\nh_created ", createdMs);
                created(page, PROCESS_START, processStartMs);
                return page.toString().getBytes(StandardCharsets.UTF_8);
            }
        },
        OPEN_METRICS("application/openmetrics-text; version=1.0.0") {
            @Override
            byte[] page(int value, long createdMs, long processStartMs) {
                StringBuilder page = new StringBuilder("# TYPE c counter\nc_total " + value + "\n");
                created(page, "c_created ", createdMs);
                page.append(histogram(value));
                created(page, "h_created ", createdMs);
                created(page, PROCESS_START, processStartMs);
                return page.append("# EOF\n").toString().getBytes(StandardCharsets.UTF_8);
            }
        },
        PROTOBUF(ProtobufPage.CONTENT_TYPE) {
            @Override
            byte[] page(int value, long createdMs, long processStartMs) {
                ProtobufPage page = new ProtobufPage()
                        .counter("c_total", value, createdMs)
                        .histogram("h", value, 0, value, createdMs);
                return (processStartMs == NOT_TOLD
                                ? page
                                : page.gauge("process_start_time_seconds", processStartMs / 1000.0))
                        .bytes();
            }
        };

        private static final String PROCESS_START =
                "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ";

        final String contentType;

        Form(String contentType) {
            this.contentType = contentType;
        }

        abstract byte[] page(int value, long createdMs, long processStartMs);

        static void created(StringBuilder page, String line, long ms) {
            if (ms != NOT_TOLD) {
                page.append(line).append(ms / 1000.0).append('\n');
            }
        }

        static String histogram(int value) {
            return "# TYPE h histogram\nh_bucket{le=\"1.0\"} V\nh_bucket{le=\"+Inf\"} V\nh_sum V\nh_count V\n"
                    .replace("V", Integer.toString(value));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCreatedTimeAfterTheJobWasFirstWatched(Form form) {
        assertGains(9, 0, scrape(form, 15, 9, at(5), NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void notACreatedTimeBeforeTheJobWasFirstWatched(Form form) {
        assertGains(0, 9, scrape(form, 15, 9, at(-60), NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void aCreatedTimeThatMovedBehindTheLastScrape(Form form) {
        scrape(form, 15, 9, at(5), NOT_TOLD);
        assertGains(12, 0, scrape(form, 30, 12, at(20), NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void notACreatedTimeThatMovedToBeforeTheLastScrape(Form form) {
        scrape(form, 15, 9, at(5), NOT_TOLD);
        assertGains(0, 12, scrape(form, 30, 12, at(9), NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void aProcessThatStartedAfterTheJobWasFirstWatched(Form form) {
        assertGains(9, 0, scrape(form, 15, 9, NOT_TOLD, at(5)));
    }

    @ParameterizedTest
    @EnumSource
    void notAProcessThatStartedBeforeTheJobWasFirstWatched(Form form) {
        assertGains(0, 9, scrape(form, 15, 9, NOT_TOLD, at(-60)));
    }

    @ParameterizedTest
    @EnumSource
    void aProcessThatStartedAfterTheLastScrape(Form form) {
        scrape(form, 15, 9, NOT_TOLD, at(5));
        assertGains(12, 0, scrape(form, 30, 12, NOT_TOLD, at(20)));
    }

    @ParameterizedTest
    @EnumSource
    void aSeriesThatThePreviousScrapeOfTheProcessLacked(Form form) {
        byte[] empty = form == Form.PROTOBUF
                ? new ProtobufPage()
                        .gauge("process_start_time_seconds", at(-60) / 1000.0)
                        .bytes()
                : (Form.PROCESS_START + at(-60) / 1000.0 + (form == Form.OPEN_METRICS ? "\n# EOF\n" : "\n"))
                        .getBytes(StandardCharsets.UTF_8);
        take(event(15, ScrapeOutcome.BODY).setContentType(form.contentType).setBody(ByteBuffer.wrap(empty)));
        assertGains(9, 0, scrape(form, 30, 9, NOT_TOLD, at(-60)));
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatWasRefusedBefore(Form form) {
        take(event(15, ScrapeOutcome.REFUSED));
        assertGains(9, 0, scrape(form, 30, 9, NOT_TOLD, NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void notAScrapeThatTimedOutBefore(Form form) {
        take(event(15, ScrapeOutcome.TIMED_OUT));
        assertGains(0, 9, scrape(form, 30, 9, NOT_TOLD, NOT_TOLD));
    }

    @ParameterizedTest
    @EnumSource
    void notARefusedConnectionBeforeAProcessThatIsOlderThanTheState(Form form) {
        take(event(15, ScrapeOutcome.REFUSED));
        assertGains(0, 9, scrape(form, 30, 9, NOT_TOLD, at(-7200)));
    }

    /** What each family gained, and what of it is not proven. */
    private static void assertGains(double gained, double unaccounted, PlainReport report) {
        Map<String, Double> gains = new TreeMap<>();
        for (Increment increment : report.increments()) {
            boolean unproven = increment.labels().metricName().equals(OwnSeries.UNACCOUNTED);
            String name = unproven
                    ? "unproven " + increment.labels().get("metric")
                    : increment.labels().metricName();
            gains.merge(name, Arrays.stream(increment.amounts()).sum(), Double::sum);
        }
        Map<String, Double> expected = new TreeMap<>(Map.of("c_total", gained, "h", gained));
        if (unaccounted > 0) {
            expected.putAll(Map.of("unproven c_total", unaccounted, "unproven h", unaccounted));
        }
        assertEquals(expected, gains);
    }

    private PlainReport scrape(Form form, long second, int value, long createdMs, long processStartMs) {
        byte[] page = form.page(value, createdMs, processStartMs);
        return take(event(second, ScrapeOutcome.BODY)
                .setContentType(form.contentType)
                .setBody(ByteBuffer.wrap(page)));
    }

    private PlainReport take(ScrapeEvent.Builder event) {
        TargetStage.Result result = stage.take(state, "t", event.build(), event.getRequestStartMs() + 5);
        if (event.getOutcome() == ScrapeOutcome.BODY) {
            assertNull(result.error());
        }
        ScrapeReport report = Objects.requireNonNull(result.report());
        return reader.read(report);
    }

    private static ScrapeEvent.Builder event(long second, ScrapeOutcome outcome) {
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "j", "instance", "10.0.0.1:8000"))
                .setScraperId("s")
                .setRequestStartMs(at(second))
                .setRequestEndMs(at(second) + 5)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(at(0))
                .setOutcome(outcome)
                .setContentType("")
                .setBody(ByteBuffer.allocate(0));
    }

    private static long at(long second) {
        return 1_700_000_000_000L + second * 1000;
    }
}
