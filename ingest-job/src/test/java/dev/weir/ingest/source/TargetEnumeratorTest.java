package dev.weir.ingest.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetEnumeratorTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);

    @TempDir
    private Path folder;

    private final FakeEnumeratorContext context = new FakeEnumeratorContext(2);

    @Test
    void targetsAreSpreadEvenlyAndOneReaderTicks() throws IOException {
        TargetEnumerator enumerator = enumerator(targets(1, 2_500));
        context.register(0);
        enumerator.addReader(0);
        context.register(1);
        enumerator.addReader(1);
        assertEquals(List.of(), context.take(0), "nothing is known before the first look");
        context.runCalls();

        List<Object> first = context.take(0);
        List<Object> second = context.take(1);
        Set<String> all = new HashSet<>(splitIds(first));
        assertEquals(1_250, all.size());
        all.addAll(splitIds(second));
        assertEquals(2_500, all.size());
        assertEquals(2, second.size(), "messages are of at most " + TargetEnumerator.MAX_TARGETS_PER_MESSAGE);
        TickSchedule schedule = (TickSchedule) first.get(first.size() - 1);
        assertEquals(5_000, schedule.windowMs());
        assertEquals(15_000, schedule.holdMs(), "one round of scrapes");
        TargetSplit split = (TargetSplit) ((List<?>) second.get(0)).get(0);
        assertEquals(1_000_000, split.watchedSinceMs());
        assertEquals(schedule.scraperId(), split.scraperId());
        assertEquals(schedule.scraperId(), enumerator.snapshotState(1).scraperId());
    }

    @Test
    void changesReachOnlyTheirReader() throws IOException {
        TargetEnumerator enumerator = enumerator(targets(1, 4));
        register(enumerator, 0);
        register(enumerator, 1);
        context.runCalls();
        Set<String> ofFirst = splitIds(context.take(0));
        context.take(1);
        context.runCalls();
        assertEquals(List.of(), context.take(0), "an equal look changes nothing");

        write(targets(2, 5));
        context.runCalls();
        List<Object> toFirst = context.take(0);
        List<Object> toSecond = context.take(1);
        List<Object> together = new ArrayList<>(toFirst);
        together.addAll(toSecond);
        assertEquals(2, together.size(), together.toString());
        assertTrue(together.contains(new TargetsRemoved(List.of("default\0j\0http://t1:1/metrics"), Set.of())));
        assertEquals(Set.of("default\0j\0http://t5:1/metrics"), splitIds(together));
        assertEquals(together, ofFirst.contains("default\0j\0http://t1:1/metrics") ? toFirst : toSecond);
    }

    @Test
    void readerThatComesBackGetsAllItsTargets() throws IOException {
        TargetEnumerator enumerator = enumerator(targets(1, 4));
        register(enumerator, 0);
        register(enumerator, 1);
        context.runCalls();
        Set<String> before = splitIds(context.take(1));
        context.take(0);
        context.unregister(1);
        enumerator.addSplitsBack(List.of(), 1);
        write(targets(1, 6));
        context.runCalls();
        Set<String> first = splitIds(context.take(0));
        assertEquals(1, first.size());
        register(enumerator, 1);
        Set<String> after = splitIds(context.take(1));
        assertTrue(after.containsAll(before));
        assertEquals(3, after.size());
        assertTrue(context.take(0).get(0) instanceof TickSchedule, "the wait for a full round begins again");
    }

    @Test
    void restoredScraperIsTheSame() throws IOException {
        TargetEnumerator first = enumerator(targets(1, 1));
        EnumeratorState state = first.snapshotState(1);
        TargetEnumerator second = new TargetEnumerator(
                context, config(), state, Clock.fixed(Instant.ofEpochMilli(9_000_000), ZoneOffset.UTC));
        assertEquals(state, second.snapshotState(2));
    }

    @Test
    void brokenFileKeepsItsTargets() throws IOException {
        TargetEnumerator enumerator = enumerator(targets(1, 2));
        register(enumerator, 0);
        register(enumerator, 1);
        context.runCalls();
        context.take(0);
        context.take(1);
        write("[{");
        context.runCalls();
        assertEquals(List.of(), context.take(0));
        assertEquals(List.of(), context.take(1));
    }

    @Test
    void withoutTargetsTicksBeginAtOnce() throws IOException {
        register(enumerator("[]"), 0);
        context.runCalls();
        TickSchedule schedule = (TickSchedule) context.take(0).get(0);
        assertEquals(0, schedule.holdMs());
    }

    private void register(TargetEnumerator enumerator, int reader) {
        context.register(reader);
        enumerator.addReader(reader);
    }

    private TargetEnumerator enumerator(String targets) throws IOException {
        write(targets);
        TargetEnumerator enumerator = new TargetEnumerator(context, config(), EnumeratorState.fresh(), CLOCK);
        enumerator.start();
        return enumerator;
    }

    private WeirConfig config() {
        return WeirConfig.parse(
                "global: {scrape_interval: 15s}\n"
                        + "scrape_configs: [{job_name: j, file_sd_configs: [{files: [t.json]}]}]",
                folder.resolve("weir.yml").toString());
    }

    private void write(String targets) throws IOException {
        Files.writeString(folder.resolve("t.json"), targets);
    }

    private static String targets(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(i -> "\"t" + i + ":1\"")
                .collect(Collectors.joining(",", "[{\"targets\": [", "]}]"));
    }

    private static Set<String> splitIds(List<Object> messages) {
        Set<String> ids = new HashSet<>();
        for (Object message : messages) {
            if (message instanceof List<?> splits) {
                splits.forEach(split -> assertTrue(ids.add(((TargetSplit) split).splitId()), "assigned twice"));
            }
        }
        return ids;
    }
}
