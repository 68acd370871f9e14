package dev.weir.ingest.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.discovery.Target;
import dev.weir.ingest.source.EnumeratorState.WatchedJob;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnumeratorStateTest {
    /** Version 1 as it was released; it must be readable for ever. */
    private static final String VERSION_1 = "000000027331" + "00000002" + "00000001610000000000000007000000017200"
            + "000002c3a90000018bcfe5680000000001" + "73";

    private static final EnumeratorState STATE = new EnumeratorState(
            "s1", Map.of("a", new WatchedJob(7, "r"), "é", new WatchedJob(1_700_000_000_000L, "s")));

    private final EnumeratorStateSerializer serializer = new EnumeratorStateSerializer();

    @Test
    void stateOfVersion1IsReadAndWritten() throws IOException {
        byte[] bytes = HexFormat.of().parseHex(VERSION_1);
        assertEquals(STATE, serializer.deserialize(1, bytes));
        assertEquals(VERSION_1, HexFormat.of().formatHex(serializer.serialize(STATE)));
        assertEquals(1, serializer.getVersion());
    }

    @Test
    void unknownVersionsAndCutStatesAreErrors() {
        byte[] bytes = HexFormat.of().parseHex(VERSION_1);
        assertThrows(IOException.class, () -> serializer.deserialize(2, bytes));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IOException.class, () -> serializer.deserialize(1, cut), "at " + length);
        }
    }

    @Test
    void watchGoesOnWhileTheJobChoosesItsTargetsInTheSameWay() {
        String job = "{job_name: j, static_configs: [{targets: ['a:1']}]";
        EnumeratorState first = EnumeratorState.fresh().under(config(job + "}"), 1_000);
        assertEquals(1_000, first.watchedSinceMs("j"));
        EnumeratorState restarted = first.under(config(job + ", scrape_interval: 5s, honor_labels: true}"), 2_000);
        assertEquals(1_000, restarted.watchedSinceMs("j"));
        assertEquals(first.scraperId(), restarted.scraperId());
    }

    @Test
    void watchBeginsAnewForAJobThatChoosesOthers() {
        EnumeratorState first = EnumeratorState.fresh()
                .under(config("{job_name: j, static_configs: [{targets: ['a:1']}]}, {job_name: k}"), 1_000);
        EnumeratorState changed =
                first.under(config("{job_name: j, static_configs: [{targets: ['a:1', 'b:1']}]}"), 2_000);
        assertEquals(2_000, changed.watchedSinceMs("j"));
        assertThrows(IllegalStateException.class, () -> changed.watchedSinceMs("k"));
        // A job that was away was not watched.
        assertEquals(3_000, changed.under(config("{job_name: k}"), 3_000).watchedSinceMs("k"));
    }

    @Test
    void watchBeginsAnewWheneverWhatChoosesTheTargetsIsAnother() {
        List<String> choices = List.of(
                "static_configs: [{targets: ['a:1']}]",
                "file_sd_configs: [{files: [a.json]}]",
                "file_sd_configs: [{files: [b.json]}]",
                "http_sd_configs: [{url: 'http://a/'}]",
                "http_sd_configs: [{url: 'http://b/'}]",
                "kubernetes_sd_configs: [{role: pod}]",
                "kubernetes_sd_configs: [{role: service}]",
                "relabel_configs: [{target_label: a, replacement: b}]");
        EnumeratorState state = EnumeratorState.fresh();
        long nowMs = 0;
        for (String choice : choices) {
            WeirConfig config = config("{job_name: j, " + choice + "}");
            state = state.under(config, ++nowMs);
            assertEquals(nowMs, state.watchedSinceMs("j"), choice);
            assertEquals(state, state.under(config, 1_000), choice);
        }
    }

    @Test
    void splitsTravel() throws IOException {
        TargetSplit split = new TargetSplit(
                new Target("p", "j", "http://a:1/m?x=é", Labels.of("job", "j", "pod", "\ud83d\ude00"), 5_000, 400),
                "s1",
                77);
        TargetSplitSerializer splits = new TargetSplitSerializer();
        assertEquals(split, splits.deserialize(splits.getVersion(), splits.serialize(split)));
        assertEquals("p\0j\0http://a:1/m?x=é", split.splitId());
        assertThrows(IOException.class, () -> splits.deserialize(9, splits.serialize(split)));
    }

    private static WeirConfig config(String jobs) {
        return WeirConfig.parse("scrape_configs: [" + jobs + "]", "weir.yml");
    }
}
