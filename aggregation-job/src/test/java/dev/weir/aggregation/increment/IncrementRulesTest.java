package dev.weir.aggregation.increment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.aggregation.increment.IncrementRules.Verdict;
import dev.weir.aggregation.increment.ScrapeFacts.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hand-computed cases of rule 2. Times are seconds; scrapes are 15 s apart, and the job is watched since second 0. */
class IncrementRulesTest {
    private static final double[] BOUNDS = {1, 2, Double.POSITIVE_INFINITY};

    private final IncrementRules rules = new IncrementRules(Duration.ofHours(1));
    private TargetMemory memory = new TargetMemory();
    private final Recorder recorder = new Recorder();

    @Test
    void countsTheDifferenceOfTwoScrapes() {
        scrape(15, ScrapeFacts.UNKNOWN, counter(10));
        scrape(30, ScrapeFacts.UNKNOWN, counter(17));
        assertEquals(List.of("baseline 10 FIRST_SEEN", "moved [7.0] took 15"), recorder.lines);
    }

    @Test
    void takesTheValueAfterADrop() {
        scrape(15, ScrapeFacts.UNKNOWN, counter(10));
        scrape(30, ScrapeFacts.UNKNOWN, counter(4));
        assertEquals(List.of("baseline 10 FIRST_SEEN", "reset [4.0] took 15"), recorder.lines);
    }

    @Test
    void takesTheValueWhenTheProcessStartMovedThoughTheValueRose() {
        scrape(15, at(5), counter(10));
        scrape(30, at(20), counter(12));
        assertEquals(List.of("moved [10.0] took 10", "reset [12.0] took 15"), recorder.lines);
    }

    @Test
    void takesTheValueWhenTheCreatedTimeMovedThoughTheValueRose() {
        scrape(15, ScrapeFacts.UNKNOWN, CumulativeSample.counter(1, 10, at(3)));
        scrape(30, ScrapeFacts.UNKNOWN, CumulativeSample.counter(1, 12, at(21)));
        assertEquals(List.of("moved [10.0] took 12", "reset [12.0] took 15"), recorder.lines);
    }

    @Test
    void takesAsBaselineWhatAProcessCountedThatBeganBeforeTheJobWasWatched() {
        scrape(15, at(-100), counter(10));
        assertEquals(List.of("baseline 10 FIRST_SEEN"), recorder.lines);
    }

    @Test
    void countsFromZeroASeriesThatThePreviousScrapeLacked() {
        scrape(15, ScrapeFacts.UNKNOWN, counter(10));
        scrape(30, ScrapeFacts.UNKNOWN, counter(10), CumulativeSample.counter(2, 5, ScrapeFacts.UNKNOWN));
        assertEquals(List.of("baseline 10 FIRST_SEEN", "reset [5.0] took 15"), recorder.lines);
    }

    @Test
    void countsFromZeroAfterARefusedConnection() {
        accept(facts("a", 15, Outcome.REFUSED, ScrapeFacts.UNKNOWN));
        scrape(30, ScrapeFacts.UNKNOWN, counter(10));
        assertEquals(List.of("moved [10.0] took 15"), recorder.lines);
    }

    @Test
    void takesAsBaselineWhatALongLivedProcessCountedAlthoughAConnectionWasRefused() {
        accept(facts("a", 15, Outcome.REFUSED, ScrapeFacts.UNKNOWN));
        scrape(30, at(-2 * 3600), counter(900));
        assertEquals(List.of("baseline 900 FIRST_SEEN"), recorder.lines);
    }

    @Test
    void takesAsBaselineASeriesThatIsOlderThanWhatIsRemembered() {
        scrape(15, ScrapeFacts.UNKNOWN);
        scrape(30, ScrapeFacts.UNKNOWN, CumulativeSample.counter(1, 900, at(-2 * 3600)));
        accept(facts("a", 45, Outcome.REFUSED, ScrapeFacts.UNKNOWN));
        scrape(60, ScrapeFacts.UNKNOWN, CumulativeSample.counter(2, 800, at(-2 * 3600)));
        assertEquals(List.of("baseline 900 FIRST_SEEN", "baseline 800 FIRST_SEEN"), recorder.lines);
    }

    @Test
    void takesAsBaselineWhatAnOlderProcessCountedUnderTheSameAddress() {
        scrape(15, at(5), counter(10));
        scrape(30, at(-500), counter(900));
        assertEquals(List.of("moved [10.0] took 10", "baseline 900 OLDER_PROCESS"), recorder.lines);
    }

    @Test
    void resumesAtTheOldValueWhenASeriesWasAbsentForAWhile() {
        scrape(15, at(5), counter(10));
        scrape(30, at(5));
        scrape(45, at(5), counter(13));
        assertEquals(List.of("moved [10.0] took 10", "moved [3.0] took 15"), recorder.lines);
    }

    @Test
    void doesNotTrustAStartThatLiesFurtherBackThanTheExpiry() {
        scrape(2 * 3600, at(100), counter(10));
        assertEquals(List.of("baseline 10 FIRST_SEEN"), recorder.lines);
    }

    @Test
    void tellsWhatShowedThatSeriesBeganAnew() {
        scrape(15, at(5), counter(10), histogram(4, 1, 2, 3));
        scrape(30, at(5), counter(12), histogram(5, 1, 3, 4));
        assertEquals(List.of(), recorder.resets);
        scrape(45, at(5), counter(4), histogram(5, 1, 2, 4));
        assertEquals(List.of("1 VALUE_DROPPED", "1 VALUE_DROPPED"), recorder.resets);
        scrape(60, at(50), counter(5));
        assertEquals("2 PROCESS_RESTARTED", recorder.resets.get(2));
        scrape(75, at(50), CumulativeSample.counter(1, 6, at(50)));
        scrape(90, at(50), CumulativeSample.counter(1, 7, at(80)));
        assertEquals(List.of("1 CREATED_CHANGED"), recorder.resets.subList(3, recorder.resets.size()));
    }

    @Test
    void aSeriesThatComesLateOrGoesIsNoReset() {
        scrape(15, at(5), counter(10));
        scrape(30, at(5), counter(10), CumulativeSample.counter(2, 5, ScrapeFacts.UNKNOWN));
        scrape(45, at(5), CumulativeSample.counter(2, 5, ScrapeFacts.UNKNOWN));
        assertEquals(List.of(), recorder.resets);
    }

    @Test
    void changesNothingForADuplicateOrAnOlderScrape() {
        scrape(15, at(5), counter(10));
        scrape(30, at(5), counter(14));
        assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(facts("a", 30, Outcome.SUCCESS, at(5)), counter(14)));
        assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(facts("a", 15, Outcome.SUCCESS, at(5)), counter(10)));
        scrape(45, at(5), counter(15));
        assertEquals(List.of("moved [10.0] took 10", "moved [4.0] took 15", "moved [1.0] took 15"), recorder.lines);
    }

    @Test
    void followsOneScraperAndChangesAfterTwoSilentIntervals() {
        scrape(15, at(5), counter(10));
        assertEquals(Verdict.OTHER_SCRAPER, apply(facts("b", 20, Outcome.SUCCESS, at(5)), counter(11)));
        assertEquals(Verdict.OTHER_SCRAPER, apply(facts("b", 35, Outcome.SUCCESS, at(5)), counter(12)));
        assertEquals(Verdict.ACCEPTED, apply(facts("b", 50, Outcome.SUCCESS, at(5)), counter(13)));
        assertEquals(Verdict.OTHER_SCRAPER, apply(facts("a", 60, Outcome.SUCCESS, at(5)), counter(14)));
        assertEquals(List.of("moved [10.0] took 10", "moved [3.0] took 35"), recorder.lines);
    }

    @Test
    void keepsTheHigherValueWhenTheScraperChangedAndTheStartDidNot() {
        scrape(15, at(5), counter(10));
        apply(facts("b", 50, Outcome.SUCCESS, at(5)), counter(9));
        apply(facts("b", 65, Outcome.SUCCESS, at(5)), counter(12));
        assertEquals(List.of("moved [10.0] took 10", "moved [2.0] took 15"), recorder.lines);
    }

    @Test
    void changesNothingForAnOlderScrapeThatIsDeliveredAgainAfterTwoSilentIntervals() {
        scrape(15, at(5), counter(10));
        scrape(30, at(20), counter(3));
        ScrapeFacts again = appended(facts("a", 15, Outcome.SUCCESS, at(5)), 70);
        assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(again, counter(10)));
        assertEquals(
                Verdict.DUPLICATE_OR_OLDER, apply(appended(facts("a", 30, Outcome.SUCCESS, at(20)), 71), counter(3)));
        scrape(90, at(20), counter(5));
        assertEquals(List.of("moved [10.0] took 10", "reset [3.0] took 15", "moved [2.0] took 60"), recorder.lines);
    }

    @Test
    void changesNothingForAnOlderScrapeOfAnotherScraperThatIsDeliveredAgainAfterTwoSilentIntervals() {
        scrape(15, at(5), counter(10));
        apply(facts("b", 20, Outcome.SUCCESS, at(5)), counter(11));
        scrape(30, at(22), counter(3));
        ScrapeFacts again = appended(facts("b", 20, Outcome.SUCCESS, at(5)), 70);
        assertEquals(Verdict.OTHER_SCRAPER, apply(again, counter(11)));
        assertEquals(Verdict.ACCEPTED, apply(facts("b", 72, Outcome.SUCCESS, at(22)), counter(4)));
        ScrapeFacts former = appended(facts("a", 30, Outcome.SUCCESS, at(22)), 130);
        assertEquals(Verdict.OTHER_SCRAPER, apply(former, counter(3)), "nor after a change");
        assertEquals(List.of("moved [10.0] took 10", "reset [3.0] took 15", "moved [1.0] took 42"), recorder.lines);
    }

    @Test
    void followsAScraperWhoseClockWasSetBackOnceItsClockGoesOnLikeTheBrokers() {
        scrape(15, at(5), counter(10));
        for (int second = 30; second <= 60; second += 15) {
            ScrapeFacts back = appended(facts("a", second - 1_000, Outcome.SUCCESS, at(5)), second);
            assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(back, counter(11)), "at " + second);
        }
        ScrapeFacts back = appended(facts("a", 75 - 1_000, Outcome.SUCCESS, at(5)), 75);
        assertEquals(Verdict.ACCEPTED, apply(back, counter(12)));
        assertEquals(2, recorder.lines.size());
        assertEquals(12, recorder.total);
    }

    @Test
    void changesNothingForAnOlderProcessThoughItsScrapesAreDeliveredAgainAtTheirPace() {
        scrape(15, at(5), counter(100));
        scrape(130, at(120), counter(3));
        for (int second = 200; second <= 260; second += 15) {
            ScrapeFacts again = appended(facts("a", second - 190, Outcome.SUCCESS, at(5)), second);
            assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(again, counter(100)), "at " + second);
        }
        scrape(290, at(120), counter(7));
        assertEquals(List.of("moved [100.0] took 10", "reset [3.0] took 115", "moved [4.0] took 160"), recorder.lines);
    }

    @Test
    void changesNothingForOlderScrapesOfTheProcessThatAreDeliveredAgainAtTheirPace() {
        for (int round = 1; round <= 6; round++) {
            scrape(15L * round, at(5), counter(10 * round));
        }
        // The second and third at their pace, then the fifth, which is newer than those.
        for (int[] again : new int[][] {{30, 200}, {45, 215}, {75, 260}}) {
            ScrapeFacts facts = appended(facts("a", again[0], Outcome.SUCCESS, at(5)), again[1]);
            assertEquals(Verdict.DUPLICATE_OR_OLDER, apply(facts, counter(again[0] / 1.5)), "at " + again[1]);
        }
        scrape(300, at(5), counter(65));
        assertEquals(65, recorder.total);
        assertEquals(List.of(), recorder.resets);
    }

    @Test
    void countsTheLastWordOfAnotherScraperThatContinuesTheProcess() {
        scrape(15, at(5), counter(10));
        ScrapeFacts word = lastWord(facts("sidecar", 22, Outcome.SUCCESS, at(5)));
        assertEquals(Verdict.ACCEPTED, apply(word, counter(14)));
        assertEquals(Verdict.ACCEPTED, apply(word, counter(14)), "told twice");
        scrape(30, at(24), counter(3));
        ScrapeFacts late = appended(word, 31);
        assertEquals(Verdict.OTHER_SCRAPER, apply(late, counter(14)), "its process is another one by now");
        scrape(45, at(24), counter(5));
        assertEquals(
                List.of("moved [10.0] took 10", "moved [4.0] took 7", "reset [3.0] took 15", "moved [2.0] took 15"),
                recorder.lines);
    }

    @Test
    void followsNobodyForALastWord() {
        ScrapeFacts first = lastWord(facts("sidecar", 10, Outcome.SUCCESS, at(5)));
        accept(first, counter(2));
        assertEquals(Verdict.ACCEPTED, apply(first, counter(2)), "told twice");
        scrape(15, at(12), counter(10));
        accept(lastWord(facts("sidecar", 70, Outcome.SUCCESS, at(12))), counter(11));
        scrape(75, at(72), counter(1));
        assertEquals(
                List.of("moved [2.0] took 5", "reset [10.0] took 5", "moved [1.0] took 55", "reset [1.0] took 60"),
                recorder.lines);
    }

    @Test
    void countsTheLastWordOfAProcessThatNoScrapeSaw() {
        scrape(15, at(5), counter(10));
        apply(lastWord(facts("sidecar", 25, Outcome.SUCCESS, at(20))), counter(4));
        scrape(30, at(27), counter(1));
        assertEquals(List.of("moved [10.0] took 10", "reset [4.0] took 10", "reset [1.0] took 15"), recorder.lines);
    }

    @Test
    void countsTheLastWordOfAnotherScraperWithoutAStartOnlyIfItLookedLast() {
        scrape(15, ScrapeFacts.UNKNOWN, counter(10));
        assertEquals(
                Verdict.OTHER_SCRAPER,
                apply(appended(lastWord(facts("sidecar", 14, Outcome.SUCCESS, ScrapeFacts.UNKNOWN)), 16), counter(90)));
        apply(lastWord(facts("sidecar", 22, Outcome.SUCCESS, ScrapeFacts.UNKNOWN)), counter(14));
        scrape(30, ScrapeFacts.UNKNOWN, counter(15));
        assertEquals(List.of("baseline 10 FIRST_SEEN", "moved [4.0] took 7", "moved [1.0] took 15"), recorder.lines);
    }

    @Test
    void countsFromZeroWhatAnswersAfterALastWordEvenIfItIsHigher() {
        scrape(15, ScrapeFacts.UNKNOWN, counter(10));
        accept(lastWord(facts("a", 20, Outcome.SUCCESS, ScrapeFacts.UNKNOWN)), counter(11));
        accept(facts("a", 25, Outcome.FAILED, ScrapeFacts.UNKNOWN));
        scrape(30, ScrapeFacts.UNKNOWN, counter(15), CumulativeSample.counter(2, 7, ScrapeFacts.UNKNOWN));
        scrape(45, ScrapeFacts.UNKNOWN, counter(16));
        assertEquals(
                List.of(
                        "baseline 10 FIRST_SEEN",
                        "moved [1.0] took 5",
                        "reset [15.0] took 10",
                        "reset [7.0] took 10",
                        "moved [1.0] took 15"),
                recorder.lines);
    }

    @Test
    void goesOnWithAProcessThatSaidItsLastWordTooEarly() {
        scrape(15, at(5), counter(10));
        accept(lastWord(facts("a", 20, Outcome.SUCCESS, at(5))), counter(11));
        scrape(30, at(5), counter(12));
        assertEquals(List.of("moved [10.0] took 10", "moved [1.0] took 5", "moved [1.0] took 10"), recorder.lines);
    }

    @Test
    void takesAsBaselineWhatAnOlderProcessCountedThoughTheOneBeforeSaidItsLastWord() {
        scrape(15, at(5), counter(10));
        accept(lastWord(facts("a", 20, Outcome.SUCCESS, at(5))), counter(11));
        scrape(30, at(-500), counter(900));
        assertEquals(
                List.of("moved [10.0] took 10", "moved [1.0] took 5", "baseline 900 OLDER_PROCESS"), recorder.lines);
    }

    @Test
    void resetsAllOfAHistogramWhenOneBucketDropsAndNeverForItsSum() {
        scrape(15, at(5), histogram(-3, 1, 2, 3));
        scrape(30, at(5), histogram(-9, 1, 3, 4));
        scrape(45, at(5), histogram(5, 0, 4, 5));
        assertEquals(
                List.of(
                        "moved [1.0, 1.0, 1.0] sum -3.0 took 10",
                        "moved [0.0, 1.0, 0.0] sum -6.0 took 15",
                        "reset [0.0, 4.0, 1.0] sum 5.0 took 15"),
                recorder.lines);
    }

    @Test
    void keepsTheCountOfATornHistogram() {
        scrape(15, at(5), histogram(3, 1, 2, 3));
        scrape(30, at(5), histogram(4, 2, 3, 3));
        scrape(45, at(5), histogram(4, 2, 3, 4));
        assertEquals(3 + 0 + 1, recorder.total, "count of the last scrape");
    }

    @Test
    void reportsAsUnaccountedWhatAChangedLayoutHides() {
        scrape(15, at(5), histogram(3, 1, 2, 3));
        scrape(
                30,
                at(5),
                CumulativeSample.histogram(
                        9, new double[] {5, Double.POSITIVE_INFINITY}, new double[] {3, 7}, 9, ScrapeFacts.UNKNOWN));
        assertEquals(List.of("moved [1.0, 1.0, 1.0] sum 3.0 took 10", "baseline 4 LAYOUT_CHANGED"), recorder.lines);
    }

    @Test
    void passesOverValuesThatNoCounterHas() {
        scrape(15, at(5), counter(Double.NaN));
        scrape(30, at(5), counter(-1));
        scrape(45, at(5), counter(Double.POSITIVE_INFINITY));
        assertEquals(List.of(), recorder.lines);
    }

    @Test
    void takesAsBaselineTheFirstUsableValueOfASeriesThatWasThereBefore() {
        scrape(15, at(5), counter(Double.NaN));
        scrape(30, at(5), counter(900));
        scrape(45, at(5), counter(901));
        assertEquals(List.of("baseline 900 FIRST_SEEN", "moved [1.0] took 15"), recorder.lines);
    }

    @Test
    void takesASeriesThatOneScrapeHasTwiceOnce() {
        scrape(15, at(5), counter(10), counter(20));
        scrape(30, at(5), counter(11), counter(21));
        assertEquals(List.of("moved [10.0] took 10", "moved [1.0] took 15"), recorder.lines);
    }

    @Test
    void tellsLayoutsOfDifferentSizesApartThoughTheirHashesAreEqual() {
        double[] two = {ofHash(0x3ff00000, 930), Double.POSITIVE_INFINITY};
        double[] three = {ofHash(0x3ff00000, 0), ofHash(0x40000000, 0), Double.POSITIVE_INFINITY};
        assertEquals(Arrays.hashCode(two), Arrays.hashCode(three));
        scrape(15, at(5), CumulativeSample.histogram(9, three, new double[] {1, 2, 3}, 1, ScrapeFacts.UNKNOWN));
        scrape(30, at(5), CumulativeSample.histogram(9, two, new double[] {1, 5}, 1, ScrapeFacts.UNKNOWN));
        assertEquals(List.of("moved [1.0, 1.0, 1.0] sum 1.0 took 10", "baseline 2 LAYOUT_CHANGED"), recorder.lines);
    }

    @Test
    void passesOverSumsThatAreNoNumbers() {
        scrape(15, at(5), histogram(10, 1, 2, 3));
        scrape(30, at(5), histogram(Double.NaN, 1, 2, 4));
        scrape(45, at(5), histogram(Double.POSITIVE_INFINITY, 1, 2, 5));
        scrape(60, at(5), histogram(16, 1, 2, 6));
        assertEquals(
                List.of(
                        "moved [1.0, 1.0, 1.0] sum 10.0 took 10",
                        "moved [0.0, 0.0, 1.0] took 15",
                        "moved [0.0, 0.0, 1.0] took 15",
                        "moved [0.0, 0.0, 1.0] sum 6.0 took 15"),
                recorder.lines);
    }

    @Test
    void goesOnFromItsStoredState() throws IOException {
        scrape(15, at(5), counter(10), histogram(2, 1, 1, 1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        memory.write(new DataOutputStream(bytes));
        memory = TargetMemory.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        recorder.lines.clear();
        scrape(30, at(5), counter(12), histogram(4, 1, 2, 2));
        assertEquals(List.of("moved [2.0] took 15", "moved [0.0, 1.0, 0.0] sum 2.0 took 15"), recorder.lines);
    }

    private void scrape(long second, long processStartMs, CumulativeSample... samples) {
        assertEquals(Verdict.ACCEPTED, apply(facts("a", second, Outcome.SUCCESS, processStartMs), samples));
    }

    private void accept(ScrapeFacts facts, CumulativeSample... samples) {
        assertEquals(Verdict.ACCEPTED, apply(facts, samples));
    }

    private Verdict apply(ScrapeFacts facts, CumulativeSample... samples) {
        return rules.apply(memory, facts, CumulativeScrape.of(Arrays.asList(samples)), recorder);
    }

    private static ScrapeFacts facts(String scraper, long second, Outcome outcome, long processStartMs) {
        return new ScrapeFacts(
                scraper, at(second), at(second) + 7, 15_000, at(0), 0, outcome, processStartMs, 0, false);
    }

    private static ScrapeFacts appended(ScrapeFacts facts, long second) {
        return new ScrapeFacts(
                facts.scraperId(),
                facts.requestStartMs(),
                at(second),
                facts.intervalMs(),
                facts.watchedSinceMs(),
                facts.clockOffsetMs(),
                facts.outcome(),
                facts.processStartMs(),
                facts.naming(),
                facts.lastWord());
    }

    private static ScrapeFacts lastWord(ScrapeFacts facts) {
        return new ScrapeFacts(
                facts.scraperId(),
                facts.requestStartMs(),
                facts.appendMs(),
                facts.intervalMs(),
                facts.watchedSinceMs(),
                facts.clockOffsetMs(),
                facts.outcome(),
                facts.processStartMs(),
                facts.naming(),
                true);
    }

    private static long at(long second) {
        return 1_700_000_000_000L + second * 1000;
    }

    private static CumulativeSample counter(double value) {
        return CumulativeSample.counter(1, value, ScrapeFacts.UNKNOWN);
    }

    private static CumulativeSample histogram(double sum, double... cumulative) {
        return CumulativeSample.histogram(9, BOUNDS, cumulative, sum, ScrapeFacts.UNKNOWN);
    }

    private static double ofHash(int highWord, int hash) {
        return Double.longBitsToDouble((long) highWord << 32 | ((highWord ^ hash) & 0xFFFFFFFFL));
    }

    private static final class Recorder implements IncrementSink {
        final List<String> lines = new ArrayList<>();
        final List<String> resets = new ArrayList<>();
        double total;

        @Override
        public void moved(int index, double[] amounts, double sumAmount, long tookMs, boolean reset) {
            String sum = Double.isNaN(sumAmount) ? "" : " sum " + sumAmount;
            lines.add((reset ? "reset " : "moved ") + Arrays.toString(amounts) + sum + " took " + tookMs / 1000);
            total += Arrays.stream(amounts).sum();
        }

        @Override
        public void reset(int series, Reset reason) {
            resets.add(series + " " + reason);
        }

        @Override
        public void alive(int index) {}

        @Override
        public void baseline(int index, double unaccounted, Baseline reason) {
            lines.add("baseline " + (long) unaccounted + " " + reason);
        }
    }
}
