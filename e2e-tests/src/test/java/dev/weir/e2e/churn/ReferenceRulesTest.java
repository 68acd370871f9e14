package dev.weir.e2e.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.aggregation.operator.InboundRecord;
import dev.weir.e2e.churn.ReferenceRules.Gain;
import dev.weir.e2e.churn.ReferenceRules.Output;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The job gives what the reference of its rules gives, for random lives of random targets: the same totals to the unit, and
 * at every window the same up to the rounding of what is being released.
 */
@Isolated("computes all the time, while other tests mostly wait")
@Timeout(240)
class ReferenceRulesTest {
    private static final int FIRST_SEED = Integer.getInteger("weir.reference.first", 0);
    private static final int SEEDS = Integer.getInteger("weir.reference.seeds", 60);
    private static final long EPOCH_MS = 1_700_000_400_000L;
    private static final long WINDOW_MS = 5_000;

    /** More windows in which nothing happens to any group may be left out; whether they are, depends on how fast time goes. */
    private static final long SHORTEST_GAP_MS = 12 * WINDOW_MS;

    private static final double NOISE = 1e-6;
    private static final String UNACCOUNTED = "weir_unaccounted_increments_total";

    private static final List<RandomGroup> GROUPS = new ArrayList<>();
    private static final ReferenceRules REFERENCE = new ReferenceRules();
    private static final SeriesLog LOG =
            new SeriesLog(name -> name.equals("c_total") || name.startsWith("h_") || name.equals(UNACCOUNTED));

    @BeforeAll
    static void runBoth() throws Exception {
        for (int i = 0; i < SEEDS; i++) {
            GROUPS.add(new RandomGroup(FIRST_SEED + i, EPOCH_MS));
        }
        List<Watched> scrapes = GROUPS.stream()
                .flatMap(group -> group.scrapes().stream())
                .sorted(Comparator.comparingLong(Watched::appendMs))
                .toList();
        EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
        SimulatedJob.run(
                scrapes.size(),
                index -> {
                    Watched scrape = scrapes.get((int) index);
                    return new InboundRecord(
                            "weir.scrapes", 0, index, scrape.appendMs(), new byte[0], codec.encode(event(scrape)));
                },
                LOG);
        scrapes.forEach(REFERENCE::take);
    }

    static IntStream seeds() {
        return IntStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theJobFollowsTheRules(int seed) {
        RandomGroup group = GROUPS.get(seed - FIRST_SEED);
        LOG.series().forEach((labels, samples) -> {
            if (group.name().equals(labels.get("pipeline_name")) && !UNACCOUNTED.equals(labels.get("__name__"))) {
                compare(labels, samples);
            }
        });
        REFERENCE.gains().keySet().stream()
                .filter(output -> output.group().equals(group.name()))
                .forEach(output -> LOG.theOne(Map.of(
                        "pipeline_name",
                        group.name(),
                        "__name__",
                        output.name().equals("h") ? "h_count" : output.name(),
                        "code",
                        Integer.toString(output.code()))));
    }

    @Test
    void whatIsNotProvenIsToldAsUnaccounted() {
        double told = LOG.series().entrySet().stream()
                .filter(entry -> UNACCOUNTED.equals(entry.getKey().get("__name__")))
                .mapToDouble(entry -> entry.getValue().lastEntry().getValue())
                .sum();
        assertEquals(REFERENCE.unaccounted(), told);
    }

    private static void compare(Map<String, String> labels, NavigableMap<Long, Double> samples) {
        String name = Objects.requireNonNull(labels.get("__name__"));
        int code = Integer.parseInt(Objects.requireNonNull(labels.get("code")));
        String family = name.startsWith("h_") ? "h" : name;
        List<Gain> gains = REFERENCE
                .gains()
                .getOrDefault(new Output(Objects.requireNonNull(labels.get("pipeline_name")), family, code), List.of());
        double last = samples.lastEntry().getValue();
        if (name.equals("h_sum")) {
            assertEquals(gains.stream().mapToDouble(Gain::sum).sum(), last, NOISE, labels.toString());
            return;
        }
        int index = name.equals("h_bucket")
                ? Watched.BOUNDS.indexOf(labels.get("le"))
                : name.equals("h_count") ? Watched.BOUNDS.size() - 1 : 0;
        double all =
                gains.stream().mapToDouble(gain -> gain.amounts().get(index)).sum();
        assertEquals(all, last, labels + " in all");
        assertEquals(0, samples.firstEntry().getValue(), labels + " begins");
        long former = samples.firstKey() - WINDOW_MS;
        for (Map.Entry<Long, Double> sample : samples.entrySet()) {
            long time = sample.getKey();
            if (time != former + WINDOW_MS) {
                assertTrue(time - former > SHORTEST_GAP_MS, () -> labels + ": a window is left out before " + time);
                assertEquals(
                        ReferenceRules.valueAt(gains, index, former),
                        ReferenceRules.valueAt(gains, index, time - WINDOW_MS),
                        labels + ": something happens in windows that are left out before " + time);
            }
            former = time;
            double expected = ReferenceRules.valueAt(gains, index, time);
            double tolerance = ReferenceRules.roundingAt(gains, index, time) + NOISE;
            assertTrue(
                    Math.abs(sample.getValue() - expected) <= tolerance,
                    () -> labels + " at " + (time - EPOCH_MS) + " ms: " + sample.getValue() + " (expected: " + expected
                            + " +- " + tolerance + ")");
        }
    }

    private static ScrapeEvent event(Watched scrape) {
        ScrapeEvent.Builder event = ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("engines")
                .setTargetUrl("http://" + scrape.group() + "/" + scrape.target() + "/metrics")
                .setLabels(Map.of("job", "engines", "pipeline_name", scrape.group(), "pod", scrape.target()))
                .setScraperId(scrape.scraper())
                .setRequestStartMs(scrape.requestMs())
                .setRequestEndMs(scrape.requestMs() + 10)
                .setIntervalMs(scrape.intervalMs())
                .setWatchedSinceMs(scrape.watchedSinceMs())
                .setOutcome(scrape.outcome())
                .setLastWord(scrape.last());
        Long date = scrape.dateMs();
        if (date != null) {
            event.setTargetDateMs(date);
        }
        if (scrape.outcome() == ScrapeOutcome.BODY) {
            event.setContentType("application/openmetrics-text; version=1.0.0; charset=utf-8")
                    .setBody(ByteBuffer.wrap(page(scrape).getBytes(StandardCharsets.UTF_8)));
        } else {
            event.setError("no page");
        }
        return event.build();
    }

    private static String page(Watched scrape) {
        StringBuilder page = new StringBuilder();
        Long start = scrape.processStartMs();
        if (start != null) {
            page.append("# TYPE process_start_time_seconds gauge\nprocess_start_time_seconds ")
                    .append(seconds(start))
                    .append('\n');
        }
        page.append("# TYPE c counter\n");
        scrape.lines().stream().filter(Watched.Line::isCounter).forEach(line -> {
            line(page, "c_total", line.code(), "", line.values().get(0).toString());
            created(page, "c_created", line);
        });
        page.append("# TYPE h histogram\n");
        scrape.lines().stream().filter(line -> !line.isCounter()).forEach(line -> {
            for (int i = 0; i < Watched.BOUNDS.size(); i++) {
                String le = ",le=\"" + Watched.BOUNDS.get(i) + "\"";
                line(page, "h_bucket", line.code(), le, line.values().get(i).toString());
            }
            line(page, "h_count", line.code(), "", line.values().get(2).toString());
            line(page, "h_sum", line.code(), "", Double.toString(line.sum()));
            created(page, "h_created", line);
        });
        return page.append("# EOF\n").toString();
    }

    private static void created(StringBuilder page, String name, Watched.Line line) {
        Long created = line.createdMs();
        if (created != null) {
            line(page, name, line.code(), "", seconds(created));
        }
    }

    private static void line(StringBuilder page, String name, int code, String more, String value) {
        page.append(name)
                .append("{code=\"")
                .append(code)
                .append('"')
                .append(more)
                .append("} ")
                .append(value)
                .append('\n');
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%d.%03d", ms / 1000, ms % 1000);
    }
}
