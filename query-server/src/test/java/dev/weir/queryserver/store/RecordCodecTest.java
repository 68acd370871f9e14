package dev.weir.queryserver.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.store.RecordReader.Definition;
import dev.weir.queryserver.store.RecordReader.LogRecord;
import dev.weir.series.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

class RecordCodecTest {
    private final RecordCodec codec = new RecordCodec();
    private final RecordReader reader = new RecordReader(new LabelPool());

    @Test
    void definitionsReadAsTheyWereWrittenWhateverTheyHaveInCommon() throws Exception {
        Random random = new Random(41);
        List<Definition> written = new ArrayList<>();
        for (int record = 0; record < 30; record++) {
            int before = written.size();
            for (int i = 0; i < 20; i++) {
                long id = 1 + written.size() * 1009L % 1201;
                Definition one = definition(id, "p" + random.nextInt(2), labels(random));
                codec.define(new MemorySeries(one.id(), one.project(), one.labels()));
                written.add(one);
            }
            LogRecord read = reader.read(codec.finish());
            assertNull(read.damage());
            assertEquals(written.subList(before, written.size()), read.definitions());
        }
    }

    @Test
    void samplesAreOfTheSeriesThatEitherOfTwoDefinitionsNames() throws Exception {
        SampleList samples = new SampleList();
        long[] ids = IntStream.range(0, 3000).mapToLong(i -> i * 1009L % 3001).toArray();
        for (int copy = 0; copy < 2; copy++) {
            for (long id : ids) {
                codec.define(new MemorySeries(id, "p", Labels.of("i", Long.toString(id))));
            }
            assertEquals(
                    copy == 0 ? ids.length : 0,
                    reader.read(codec.finish()).definitions().size());
        }
        Random random = new Random(42);
        int[] expected = new int[5000];
        int at = 0;
        for (int i = 0; i < expected.length; i++) {
            boolean isUnknown = i % 100 == 99;
            at = random.nextInt(3) == 0 ? random.nextInt(ids.length) : (at + 1) % ids.length;
            expected[i] = isUnknown ? -1 : at;
            samples.add(1000 + i, i);
            codec.add(isUnknown ? 5000 : ids[at], samples, i, i + 1);
        }
        LogRecord read = reader.read(codec.finish());
        assertArrayEquals(
                expected,
                IntStream.range(0, read.entryCount()).map(read::series).toArray());
    }

    @Test
    void aRecordOfAnotherVersionIsRefusedByName() throws Exception {
        codec.define(new MemorySeries(1, "p", Labels.of("a", "b")));
        byte[] bytes = Snappy.uncompress(codec.finish());
        bytes[0] = 1;
        IOException e = assertThrows(IOException.class, () -> reader.read(Snappy.compress(bytes)));
        assertEquals("log record of version 1 (expected: 2): another version of Weir wrote it", e.getMessage());
    }

    @Test
    void aTextThatRepeatsNoneIsDamage() throws Exception {
        codec.define(new MemorySeries(1, "p", Labels.of("a", "b")));
        byte[] bytes = Snappy.uncompress(codec.finish());
        // Version, count of definitions, number, count of labels; then the project.
        assertEquals(1, bytes[4]);
        bytes[4] = 0;
        String damage = String.valueOf(reader.read(Snappy.compress(bytes)).damage());
        assertTrue(damage.contains("text 0 of a series repeats that of none"), damage);
    }

    private static Definition definition(long id, String project, Labels labels) {
        return new Definition(id, project, labels, new LabelHasher().hash(labels));
    }

    private static Labels labels(Random random) {
        Labels.Builder labels = Labels.builder().set(Labels.METRIC_NAME, "m" + random.nextInt(3));
        for (int i = random.nextInt(3) * random.nextInt(13); i > 0; i--) {
            labels.set("l" + random.nextInt(40), random.nextInt(4) == 0 ? "\uD83D\uDE00" : "v" + random.nextInt(2));
        }
        return labels.build();
    }
}
