package dev.weir.queryserver.store;

import static dev.weir.queryserver.store.StoreFixture.contents;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code -Dweir.damage.kills=20} as often as it was accepted. */
class KilledWriterTest {
    static final int SERIES = 30;

    private static final int KILLS = Integer.getInteger("weir.damage.kills", 3);
    private static final long SEED = 61;

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostAndNothingIsTornByAKill() throws Exception {
        Random random = new Random(SEED);
        int next = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            int acknowledged = writeAndKill(next, 60 + random.nextInt(200));
            // The request that was under way may be there, whole, or not.
            StoreModel without = upTo(acknowledged);
            StoreModel with = upTo(acknowledged + 1);
            try (Store store = StoreFixture.open(directory)) {
                boolean isThere = contents(store, "q").equals(with.contents("q"));
                StoreModel expected = isThere ? with : without;
                assertEquals(expected.contents("p"), contents(store, "p"), "kill " + kill);
                assertEquals(expected.contents("q"), contents(store, "q"), "kill " + kill);
                assertTrue(store.verify());
                next = acknowledged + (isThere ? 2 : 1);
            }
        }
    }

    private static StoreModel upTo(int last) {
        StoreModel model = new StoreModel(SEED, SERIES);
        for (int i = 0; i <= last; i++) {
            model.acknowledge(model.next());
        }
        return model;
    }

    /** Returns the last request that was acknowledged. */
    private int writeAndKill(int first, int requests) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        directory.toString(),
                        Long.toString(SEED),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int acknowledged = first - 1;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                acknowledged = Integer.parseInt(line);
                if (acknowledged == first + requests) {
                    // Not the process itself, which would close the stream that is read here.
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        return acknowledged;
    }
}
