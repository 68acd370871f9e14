package dev.weir.aggregation.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.canonical.Vantage;
import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.ViewConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** View files that cannot be used are refused with their place. */
class ViewReaderTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "view: v! 1:1: no families (expected: one)",
                "view: v\\nfamilies: {a: {from: [{family: inference_requests_total}]}}! no type in families.a",
                "view: v\\nfamilies: {a: {type: counter, from: [{family: nonesuch}]}}! families.a.from: \"nonesuch\" (expected: inference_",
                "view: v\\nfamilies: {a: {type: gauge, from: [{family: inference_requests_total}]}}! (expected: a gauge)",
                "view: v\\nfamilies: {a: {type: counter, from: [{family: inference_replicas}]}}! (expected: a counter or histogram)",
                "view: v\\nstep: 0s\\nfamilies: {}! 2:7: step: 0s (expected: > 0s)",
                "view: v\\nfamilies: {}\\nquantiles: {q: {of: a, quantile: 0.5}}! quantiles.q.of: \"a\" (expected: a histogram of this view)",
                "view: v\\nfamilies: {}\\nrolling: {q: {of: a, over: 8d}}! over: above 7d (expected: at most that)"
            })
    void refusesWithPlaceKeyAndExpectation(String yaml, String complaint) throws IOException {
        Path file = Files.writeString(folder.resolve("v.yml"), yaml.replace("\\n", "\n"));
        ConfigurationException refused = assertThrows(
                ConfigurationException.class, () -> Views.load(List.of(ViewConfig.named(file.toString()))));
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(file + ":"), message);
        assertTrue(message.contains(complaint), message);
    }

    @Test
    void refusesAViewThatIsNotKnown() {
        ConfigurationException refused =
                assertThrows(ConfigurationException.class, () -> Views.load(List.of(ViewConfig.named("nonesuch"))));
        assertEquals(
                "aggregation.views: \"nonesuch\" (expected: one of crusoe, wallaroo, gie, or the path of a .yml file)",
                refused.getMessage());
    }

    @Test
    void refusesTwoViewsOfOneName() {
        assertThrows(
                ConfigurationException.class,
                () -> Views.load(List.of(ViewConfig.named("crusoe"), new ViewConfig("crusoe", "gateway", null))));
    }

    @Test
    void takesTheVantageOfTheConfiguration() {
        View view =
                Views.load(List.of(new ViewConfig("crusoe", "gateway", null))).get(0);
        assertEquals(Vantage.GATEWAY, view.vantage());
        assertEquals("scrapes", view.source());
        assertEquals(60_000, view.stepMs());
    }

    @Test
    void loadsEveryBuiltInView() {
        assertEquals(
                Views.BUILT_IN,
                Views.load(Views.BUILT_IN.stream().map(ViewConfig::named).toList()).stream()
                        .map(View::name)
                        .toList());
    }
}
