package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.series.StaleMarker;
import java.text.DecimalFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What Weir says of its own numbers: completeness and resets. Windows end every 5 s, scrapes are 15 s apart. */
class DataQualityTest {
    private static final String RATIO = "inference_completeness_ratio";
    private static final String NO_ENGINE = RATIO
            + "{job=\"j\", kubernetes_namespace=\"chat-1\", namespace=\"chat-1\", pipeline_name=\"chat\","
            + " project_id=\"p\", source=\"scrapes\"}";
    private static final String VLLM = RATIO
            + "{job=\"j\", kubernetes_namespace=\"chat-1\", model_server=\"vllm\", namespace=\"chat-1\","
            + " pipeline_name=\"chat\", project_id=\"p\", source=\"scrapes\", vantage=\"engine\"}";

    private final Fleet fleet = Fleet.of();

    @Test
    void completenessIsThePartOfTheTargetsWhoseNewestScrapeSucceeded() {
        fleet.scrape("a", 6, tokens(1)).scrape("b", 7, tokens(1)).fail("c", 8).advance(15);
        fleet.fail("a", 21)
                .scrape("b", 22, tokens(1))
                .scrape("c", 23, tokens(1))
                .advance(25);
        assertEquals("10=0.67 15=0.67 20=0.67 25=0.67", points(VLLM));
        fleet.scrape("a", 36, tokens(1))
                .scrape("b", 37, tokens(1))
                .scrape("c", 38, tokens(1))
                .advance(40);
        assertEquals(1, fleet.value(RATIO));
    }

    @Test
    void aTargetThatIsSilentForTwoIntervalsIsNotSeenUntilItSaysGoodbye() {
        fleet.scrape("a", 6, tokens(1)).scrape("b", 7, tokens(1)).advance(15);
        fleet.scrape("b", 22, tokens(1)).scrape("b", 37, tokens(1)).advance(45);
        assertEquals("10=1 15=1 20=1 25=1 30=1 35=1 40=1 45=0.5", points(VLLM));
        fleet.goodbye("a").advance(50);
        assertEquals(1, fleet.value(RATIO));
    }

    @Test
    void aTargetIsExpectedNoLongerFromTheWindowOfItsLastWordOn() {
        fleet.scrape("a", 6, tokens(1)).scrape("b", 7, tokens(1)).advance(10);
        fleet.lastWord("a", 12).advance(15);
        assertEquals("10=1 15=1", points(VLLM));
        fleet.lastWord("b", 17).advance(30);
        assertEquals("10=1 15=1 20=stale", points(VLLM));
    }

    @Test
    void aGroupOfWhichNothingCouldBeScrapedIsIncompleteWithoutAnEngine() {
        fleet.fail("a", 6).advance(10);
        fleet.scrape("b", 12, tokens(1)).advance(20);
        assertEquals("10=0 15=stale", points(NO_ENGINE));
        assertEquals("15=0.5 20=0.5", points(VLLM));
    }

    @Test
    void pagesOfNoKnownEngineHaveACompletenessToo() {
        fleet.scrape("a", 6, "# TYPE x counter\nx 1\n").advance(10);
        fleet.fail("a", 21).advance(25);
        assertEquals("10=1 15=1 20=1 25=0", points(NO_ENGINE));
    }

    @Test
    void seriesThatBeginAnewAreCountedByWhatShowedIt() {
        fleet.scrape("a", 6, tokens(9)).scrape("b", 6, tokens(9)).advance(10);
        fleet.scrape("a", 21, tokens(4)).scrape("b", 21, tokens(3)).advance(60);
        assertEquals(
                "60=2",
                points("weir_counter_resets_total{job=\"j\", kubernetes_namespace=\"chat-1\", pipeline_name=\"chat\","
                                + " project_id=\"p\", reason=\"value_dropped\"}")
                        .replaceAll(".* ", ""));
        assertEquals(1, fleet.series("weir_counter_resets_total").size());
    }

    @Test
    void withoutAResetNothingIsCounted() {
        fleet.scrape("a", 6, tokens(9)).scrape("a", 21, tokens(10)).advance(60);
        assertEquals(List.of(), fleet.series("weir_counter_resets_total"));
    }

    private String points(String series) {
        TreeMap<Long, Double> seconds = new TreeMap<>();
        fleet.receiver
                .series
                .getOrDefault(series, new TreeMap<>())
                .forEach((ms, value) -> seconds.put((ms - Fleet.START_MS) / 1000, value));
        return seconds.entrySet().stream()
                .map(point -> point.getKey() + "=" + text(point.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String text(double value) {
        return StaleMarker.isStale(value) ? "stale" : new DecimalFormat("0.##").format(value);
    }

    private static String tokens(int value) {
        return "# TYPE vllm:generation_tokens_total counter\nvllm:generation_tokens_total{model_name=\"m\"} " + value
                + "\n";
    }
}
