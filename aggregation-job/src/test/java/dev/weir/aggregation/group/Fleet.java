package dev.weir.aggregation.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.weir.aggregation.member.LaneRules;
import dev.weir.aggregation.member.NoConflicts;
import dev.weir.aggregation.profile.PageProfiles;
import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.report.ScrapeReport;
import dev.weir.aggregation.scrape.TargetStage;
import dev.weir.aggregation.scrape.TargetState;
import dev.weir.aggregation.view.Views;
import dev.weir.configuration.ViewConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Targets of one group from their pages to a receiver, with windows of 5 s. Seconds count from {@link #START_MS}; every
 * page is of a process that began at second 1, so that all it tells is new.
 */
final class Fleet {
    static final long START_MS = 1_700_000_040_000L;
    static final int INTERVAL_SECONDS = 15;
    private static final Pattern BEGINNINGS =
            Pattern.compile("(?m)^(process_start_time_seconds|\\S+_created(\\{.*})?) .*\\R");

    final Receiver receiver = new Receiver();
    private final LaneRules rules;
    private final TargetStage stage;
    private final Map<String, String> labels;
    private final Map<String, TargetState> states = new HashMap<>();
    private Lane lane = new Lane(0, 5_000);
    private final StoredLane stored = new StoredLane();
    private long advanced;

    Fleet(Profiles profiles, Map<String, String> labels, ViewConfig... views) {
        this.stage = new TargetStage(WeirConfig.empty(), profiles, Duration.ofHours(1));
        this.labels = labels;
        this.rules = new LaneRules(
                5_000, 3_600_000, new PageProfiles(profiles), Views.load(Arrays.asList(views)), new NoConflicts());
    }

    static Fleet of(ViewConfig... views) {
        return new Fleet(
                Profiles.builtIn(),
                Map.of("job", "j", "pipeline_name", "chat", "kubernetes_namespace", "chat-1"),
                views);
    }

    Fleet scrape(String target, long second, String body) {
        String beginning =
                "# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds " + (START_MS / 1000 + 1) + "\n";
        String page = BEGINNINGS.matcher(body + "\n").replaceAll("") + beginning;
        ScrapeReport report = take(target, second, ScrapeOutcome.BODY, page);
        lane.take(report, rules);
        return this;
    }

    Fleet fail(String target, long second) {
        lane.take(take(target, second, ScrapeOutcome.TIMED_OUT, ""), rules);
        return this;
    }

    /** The target is gone for good, and refuses its last scrape. */
    Fleet lastWord(String target, long second) {
        lane.take(take(target, second, ScrapeOutcome.REFUSED, "", true), rules);
        return this;
    }

    /** As a target does that was silent for long. */
    Fleet goodbye(String target) {
        lane.forget(target);
        states.remove(target);
        return this;
    }

    private ScrapeReport take(String target, long second, ScrapeOutcome outcome, String page) {
        return take(target, second, outcome, page, false);
    }

    private ScrapeReport take(String target, long second, ScrapeOutcome outcome, String page, boolean lastWord) {
        Map<String, String> complete = new TreeMap<>(labels);
        complete.put("instance", target);
        ScrapeEvent event = ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("j")
                .setTargetUrl("http://" + target + "/metrics")
                .setLabels(complete)
                .setScraperId("s")
                .setRequestStartMs(START_MS + second * 1000)
                .setRequestEndMs(START_MS + second * 1000 + 5)
                .setIntervalMs(INTERVAL_SECONDS * 1000)
                .setWatchedSinceMs(START_MS)
                .setOutcome(outcome)
                .setLastWord(lastWord)
                .setContentType("text/plain; version=0.0.4")
                .setContentEncoding("")
                .setBody(ByteBuffer.wrap(page.getBytes(StandardCharsets.UTF_8)))
                .build();
        TargetStage.Result result = stage.take(
                states.computeIfAbsent(target, key -> new TargetState()), target, event, START_MS + second * 1000 + 5);
        if (outcome == ScrapeOutcome.BODY) {
            assertNull(result.error());
        }
        ScrapeReport report = result.report();
        assertNotNull(report);
        return report;
    }

    /** Window by window, each time restored from what is stored. */
    Fleet advance(long second) {
        for (advanced = Math.max(advanced, 5); advanced <= second; advanced += 5) {
            lane.advance(START_MS + advanced * 1000, rules, receiver::take);
            lane = stored.restart(lane);
        }
        return this;
    }

    /** Newest value of the one series of that name whose labels contain the texts. */
    double value(String name, String... labelTexts) {
        List<NavigableMap<Long, Double>> found = series(name, labelTexts);
        assertEquals(1, found.size(), () -> name + Arrays.toString(labelTexts) + " among " + names());
        return found.get(0).lastEntry().getValue();
    }

    List<NavigableMap<Long, Double>> series(String name, String... labelTexts) {
        return receiver.series.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name + "{"))
                .filter(entry -> Arrays.stream(labelTexts).allMatch(entry.getKey()::contains))
                .<NavigableMap<Long, Double>>map(Map.Entry::getValue)
                .toList();
    }

    /** All series' texts without those that tell of the scrape itself. */
    List<String> names() {
        return receiver.series.keySet().stream()
                .filter(name -> !name.startsWith("scrape_"))
                .toList();
    }
}
