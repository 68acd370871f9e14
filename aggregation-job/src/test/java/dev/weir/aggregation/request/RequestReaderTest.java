package dev.weir.aggregation.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.aggregation.sketch.Sketch;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestReaderTest {
    @Test
    void readsWhatIsToldAndGuessesNothing() {
        RequestReport report = Requests.report(Requests.plain("r"), 77);
        assertEquals(77, report.appendMs());
        assertEquals(2, report.durationSeconds());
        assertEquals(RequestReport.UNKNOWN, report.inputTokens());
        assertEquals(RequestReport.UNKNOWN, report.outputTokens());
        assertEquals(Double.NaN, report.timeToFirstTokenSeconds());
        assertEquals(Double.NaN, report.timePerOutputTokenSeconds());
        assertNull(report.interTokenSeconds());
        assertEquals(
                "{model_name=\"m\", project_id=\"p\", source=\"requests\", vantage=\"gateway\"}",
                report.group().toString());
    }

    @Test
    void namesTheWholeGroup() {
        RequestReport report = Requests.report(
                Requests.plain("r")
                        .setPipeline("chat")
                        .setTargetModel("m-lora")
                        .setServiceTier("gold")
                        .setVantage(Vantage.ENGINE),
                0);
        assertEquals(
                "{model_name=\"m\", pipeline_name=\"chat\", project_id=\"p\", service_tier=\"gold\", source=\"requests\","
                        + " target_model_name=\"m-lora\", vantage=\"engine\"}",
                report.group().toString());
    }

    @Test
    void tokenTimesTellTheFirstTheMeanTheDistancesAndTheNumber() {
        RequestReport report =
                Requests.report(Requests.plain("r").setOutputTokenTimesSeconds(List.of(0.5, 0.75, 1.25, 2.0)), 0);
        assertEquals(0.5, report.timeToFirstTokenSeconds());
        assertEquals(0.5, report.timePerOutputTokenSeconds());
        assertEquals(4, report.outputTokens());
        Sketch distances = Objects.requireNonNull(report.interTokenSeconds());
        assertEquals(3, distances.count());
        assertEquals(1.5, distances.sum());
        RequestReport told = Requests.report(
                Requests.plain("r")
                        .setOutputTokenTimesSeconds(List.of(0.5, 1.0))
                        .setTimeToFirstTokenSeconds(0.4)
                        .setMeanTimePerOutputTokenSeconds(0.1)
                        .setOutputTokens(9L),
                0);
        assertEquals(0.4, told.timeToFirstTokenSeconds());
        assertEquals(0.1, told.timePerOutputTokenSeconds());
        assertEquals(9, told.outputTokens());
    }

    @Test
    void timesOnlyWhatEndedWell() {
        RequestReport failed = Requests.report(Requests.plain("r").setStatus(RequestStatus.ERROR), 0);
        assertEquals(true, failed.failed());
        assertEquals(Double.NaN, failed.durationSeconds());
        RequestReport aborted = Requests.report(
                Requests.plain("r").setStatus(RequestStatus.ABORTED).setTimeToFirstTokenSeconds(0.2), 0);
        assertEquals(false, aborted.failed());
        assertEquals(Double.NaN, aborted.durationSeconds());
        assertEquals(0.2, aborted.timeToFirstTokenSeconds());
    }

    @Test
    void projectsCannotNameEachOthersRequests() {
        long id = Requests.report(Requests.plain("r"), 0).id();
        assertEquals(
                id, Requests.report(Requests.plain("r").setModel("other"), 5).id());
        assertNotEquals(
                id, Requests.report(Requests.plain("r").setProject("q"), 0).id());
        assertNotEquals(id, Requests.report(Requests.plain("s"), 0).id());
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refusesWhatCannotBeTrue(String message, UnaryOperator<RequestEvent.Builder> change) {
        RequestEvent event = change.apply(Requests.plain("r")).build();
        RejectedRequestException e =
                assertThrows(RejectedRequestException.class, () -> new RequestReader().read(event, 0));
        assertEquals("RequestEvent: " + message, e.getMessage());
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                refused("request_id: empty (expected: a name)", e -> e.setRequestId("")),
                refused("project: empty (expected: a name)", e -> e.setProject("")),
                refused("model: empty (expected: a name)", e -> e.setModel("")),
                refused("pipeline: 1025 characters (expected: at most 1024)", e -> e.setPipeline("x".repeat(1_025))),
                refused(
                        "end_ms: 9999 with start_ms: 10000 (expected: not before the start, and at most 604800 s after it)",
                        e -> e.setEndMs(9_999)),
                refused(
                        "end_ms: 9223372036854775807 with start_ms: -9223372036854775808 (expected: not before the start, and"
                                + " at most 604800 s after it)",
                        e -> e.setStartMs(Long.MIN_VALUE).setEndMs(Long.MAX_VALUE)),
                refused(
                        "time_to_first_token_seconds: NaN s (expected: 0 to 604800 s, or null)",
                        e -> e.setTimeToFirstTokenSeconds(Double.NaN)),
                refused(
                        "time_to_first_token_seconds: -0.1 s (expected: 0 to 604800 s, or null)",
                        e -> e.setTimeToFirstTokenSeconds(-0.1)),
                refused(
                        "mean_time_per_output_token_seconds: Infinity s (expected: 0 to 604800 s, or null)",
                        e -> e.setMeanTimePerOutputTokenSeconds(Double.POSITIVE_INFINITY)),
                refused(
                        "output_token_times_seconds[1]: 0.4 (expected: ascending from 0 to 604800)",
                        e -> e.setOutputTokenTimesSeconds(List.of(0.5, 0.4))),
                refused(
                        "output_token_times_seconds[0]: NaN (expected: ascending from 0 to 604800)",
                        e -> e.setOutputTokenTimesSeconds(List.of(Double.NaN))),
                refused("output_tokens: -1 (expected: 0 to 1099511627776, or null)", e -> e.setOutputTokens(-1L)),
                refused("response_bytes: -5 (expected: 0 to 1099511627776, or null)", e -> e.setResponseBytes(-5L)),
                refused(
                        "cached_input_tokens: 5 (expected: at most the 3 input_tokens)",
                        e -> e.setInputTokens(3L).setCachedInputTokens(5L)));
    }

    private static Arguments refused(String message, UnaryOperator<RequestEvent.Builder> change) {
        return Arguments.of(message, change);
    }
}
