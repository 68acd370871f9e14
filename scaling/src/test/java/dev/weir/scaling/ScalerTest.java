package dev.weir.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.configuration.ScalingConfig.Bounds;
import dev.weir.configuration.ScalingConfig.Measure;
import dev.weir.configuration.ScalingConfig.Model;
import dev.weir.configuration.ScalingConfig.Rule;
import dev.weir.scaling.Decision.Kind;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of one decision, by hand. */
class ScalerTest {
    /** Value, workers, and how many there should be, of 1 to 10 with a target of 5. */
    @ParameterizedTest
    @CsvSource({
        "VALUE, 5, 4, 4",
        "VALUE, 5.5, 4, 4",
        "VALUE, 5.6, 4, 5",
        "VALUE, 10, 4, 8",
        "VALUE, 1000, 4, 10",
        "VALUE, 4.5, 4, 4",
        "VALUE, 2.5, 4, 2",
        "VALUE, 0, 4, 1",
        "AVERAGE_VALUE, 20, 4, 4",
        "AVERAGE_VALUE, 21.9, 4, 4",
        "AVERAGE_VALUE, 22.5, 4, 5",
        "AVERAGE_VALUE, 15, 4, 3",
        "AVERAGE_VALUE, 0, 4, 1",
        "AVERAGE_VALUE, 7, 0, 2",
    })
    void wantsWhatBringsTheValueToItsTarget(Measure measure, double value, int workers, int wanted) {
        Scaler scaler = new Scaler(rule(measure, Duration.ZERO));
        Decision decision = scaler.decide(1_000, Observation.of(value), new Workers(workers, workers));
        assertEquals(wanted, decision.workers(), decision::reason);
    }

    @Test
    void knowsNothingByAValueThatIsNobodys() {
        Scaler scaler = new Scaler(rule(Measure.VALUE, Duration.ZERO));
        assertEquals(
                Kind.UNKNOWN,
                scaler.decide(0, Observation.of(0), new Workers(2, 0)).kind());
        assertEquals(
                Kind.UNKNOWN,
                scaler.decide(0, Observation.of(-1), new Workers(2, 2)).kind());
        assertEquals(Kind.UNKNOWN, scaler.decide(0, Observation.of(1), null).kind());
    }

    @Test
    void forgetsWhatWasWantedBeforeTheStabilization() {
        Scaler scaler = new Scaler(rule(Measure.AVERAGE_VALUE, Duration.ofSeconds(100)));
        Workers four = new Workers(4, 4);
        assertEquals(Kind.KEEP, scaler.decide(0, Observation.of(20), four).kind());
        assertEquals(Kind.KEEP, scaler.decide(1, Observation.of(5), four).kind());
        assertEquals(Kind.KEEP, scaler.decide(100_000, Observation.of(5), four).kind());
        Decision down = scaler.decide(100_001, Observation.of(5), four);
        assertEquals(Kind.DOWN, down.kind());
        assertEquals(1, down.workers());
    }

    private static Rule rule(Measure measure, Duration stabilization) {
        return new Rule(
                "r",
                "x",
                "1",
                measure,
                5,
                new Bounds(1, 10, 0.1, stabilization, Duration.ZERO),
                new Model("m", null, URI.create("http://127.0.0.1:1"), null));
    }
}
