package dev.weir.queryserver.remotewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.weir.queryserver.store.SampleList;
import dev.weir.queryserver.store.SeriesReference;
import dev.weir.queryserver.store.WriteBatch;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.series.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class KnownSeriesTest {
    private static final int LABELS_FIELD = TimeSeries.LABELS_FIELD_NUMBER;
    private static final int SAMPLES_FIELD = TimeSeries.SAMPLES_FIELD_NUMBER;

    private final KnownSeries known = new KnownSeries();

    /** The same bytes decoded by one that knows nothing, which takes no short cut. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsKnownChangesNothingOfWhatARequestSays(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 1500; i++) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            for (int s = random.nextInt(4); s >= 0; s--) {
                append(request, 1, series(random));
            }
            byte[] bytes = request.toByteArray();
            if (random.nextInt(10) == 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            String project = random.nextBoolean() ? null : "project-" + random.nextInt(2);
            assertEquals(decoded(bytes, project, new KnownSeries()), decoded(bytes, project, known), "seed " + seed);
        }
        assertTrue(known.size() > 20, "known: " + known.size());
    }

    @Test
    void aSeriesIsKnownTheSecondTimeAndInItsOwnProjectOnly() throws InvalidWriteException, IOException {
        byte[] body = request("up");
        WriteBatch first = decode(body, "a", known);
        WriteBatch again = decode(body, "a", known);
        WriteBatch ofOther = decode(body, "b", known);
        WriteBatch ofNone = decode(body, null, known);
        assertSame(first.series(0), again.series(0));
        assertNotSame(first.series(0), ofOther.series(0));
        assertEquals("b", ofOther.series(0).project());
        assertEquals(WriteRequestDecoder.DEFAULT_PROJECT, ofNone.series(0).project());
    }

    @Test
    void whatWasNotStoredIsNotKnown() throws InvalidWriteException, IOException {
        WriteRequestDecoder.decode(request("up"), WriteLimits.DEFAULT, "a", known.lookup(), new DecodeBuffers());
        assertEquals(0, known.size());
    }

    @Test
    void aProjectNamedLikeNoneIsNotNone() {
        Set<Long> hashes = new HashSet<>();
        byte[] bytes = {1, 2, 3};
        for (String project : new @Nullable String[] {null, "", "\0", "\0\0", "a", "b"}) {
            LabelHash hash = new LabelHash(project);
            hash.of(bytes, 0, bytes.length);
            hashes.add(hash.first());
        }
        assertEquals(6, hashes.size());
    }

    @Test
    void equalBytesHaveEqualHashesWhereverTheyLieAndOthersDiffer() {
        Random random = new Random(1);
        Set<List<Long>> hashes = new HashSet<>();
        LabelHash hash = new LabelHash("p");
        for (int length = 0; length < 200; length++) {
            byte[] bytes = new byte[length];
            if (length % 2 == 0) {
                random.nextBytes(bytes);
            }
            hash.of(bytes, 0, length);
            List<Long> expected = List.of(hash.first(), hash.second());
            for (int before = 0; before < 10; before++) {
                byte[] among = new byte[before + length + random.nextInt(10)];
                random.nextBytes(among);
                System.arraycopy(bytes, 0, among, before, length);
                hash.of(among, before, before + length);
                assertEquals(expected, List.of(hash.first(), hash.second()));
            }
            hashes.add(expected);
            for (int bit = 0; bit < 8 * length; bit++) {
                byte[] other = bytes.clone();
                other[bit / 8] ^= (byte) (1 << bit % 8);
                hash.of(other, 0, length);
                hashes.add(List.of(hash.first(), hash.second()));
            }
        }
        assertEquals(200 + 8 * 199 * 200 / 2, hashes.size());
    }

    @Test
    void seriesAreFoundInAnyOrder() {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, 10_000).boxed().toList());
        ask(numbers);
        for (int seed = 0; seed < 3; seed++) {
            Collections.shuffle(numbers, new Random(seed));
            assertEquals(10_000, ask(numbers));
        }
        assertEquals(10_000, known.size());
    }

    @Test
    void whatIsNoLongerAskedForIsForgotten() {
        List<Integer> numbers = IntStream.range(0, 10_000).boxed().toList();
        ask(numbers);
        assertEquals(10_000, known.size());
        for (int lookup = 0; lookup < 200; lookup++) {
            assertEquals(1000, ask(numbers.subList(1000, 2000)));
        }
        assertEquals(1000, known.size());
        assertEquals(0, ask(List.of(5000)));
    }

    /** Asks for series as a request that is then stored; returns how many were known, all of them rightly. */
    private int ask(List<Integer> numbers) {
        KnownSeries.Lookup lookup = known.lookup();
        LabelHash hash = new LabelHash(null);
        WriteBatch.Builder batch = new WriteBatch.Builder();
        int found = 0;
        for (int number : numbers) {
            byte[] bytes = ("m" + number).getBytes(StandardCharsets.UTF_8);
            hash.of(bytes, 0, bytes.length);
            SeriesReference series = lookup.find(hash);
            if (series == null) {
                series = SeriesReference.of("p", Labels.of(Labels.METRIC_NAME, "m" + number));
            } else {
                assertEquals("m" + number, series.labels().metricName());
                found++;
            }
            batch.endSeries(series, 0);
        }
        lookup.stored(batch.build(List.of()));
        return found;
    }

    /** As the endpoint does with a request that the store takes. */
    private static WriteBatch decode(byte[] body, @Nullable String project, KnownSeries known)
            throws InvalidWriteException {
        KnownSeries.Lookup lookup = known.lookup();
        WriteBatch batch = WriteRequestDecoder.decode(body, WriteLimits.DEFAULT, project, lookup, new DecodeBuffers());
        lookup.stored(batch);
        return batch;
    }

    private static String decoded(byte[] request, @Nullable String project, KnownSeries known) throws IOException {
        try {
            StringBuilder text = new StringBuilder();
            WriteBatch batch = decode(Snappy.compress(request), project, known);
            SampleList samples = batch.samples();
            for (int s = 0; s < batch.seriesCount(); s++) {
                text.append(batch.series(s).project())
                        .append(' ')
                        .append(batch.series(s).labels());
                for (int i = batch.from(s); i < batch.to(s); i++) {
                    text.append(' ').append(samples.timestampMs(i)).append('=').append(samples.value(i));
                }
                text.append('\n');
            }
            return text.toString();
        } catch (InvalidWriteException e) {
            return e.reason() + ": " + e.getMessage();
        }
    }

    /** Fields as senders write them, and as none does: out of order, twice, missing, unknown, of other types. */
    private static byte[] series(Random random) throws IOException {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        int kind = random.nextInt(12);
        List<byte[]> labels = new ArrayList<>();
        if (kind != 0) {
            labels.add(label("__name__", "m" + random.nextInt(3)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            labels.add(label(kind == 1 ? "__name__" : "l" + i, "v".repeat(random.nextInt(3)) + random.nextInt(2)));
        }
        if (kind == 2) {
            labels.add(label("project_id", "p" + random.nextInt(2)));
        }
        byte[] sample = Sample.newBuilder()
                .setTimestamp(random.nextInt(1000))
                .setValue(random.nextInt(10))
                .build()
                .toByteArray();
        if (kind == 3) {
            append(series, SAMPLES_FIELD, sample);
        }
        for (byte[] label : labels) {
            append(series, LABELS_FIELD, label);
        }
        for (int i = random.nextInt(3); i >= 0; i--) {
            append(series, SAMPLES_FIELD, sample);
        }
        if (kind == 4) {
            append(series, LABELS_FIELD, label("late", "x"));
        } else if (kind == 5) {
            append(series, 9, new byte[random.nextInt(5)]);
        } else if (kind == 6) {
            append(series, 300, new byte[random.nextInt(5)]);
        } else if (kind == 7) {
            series.writeBytes(new byte[] {LABELS_FIELD << 3, 1});
        } else if (kind == 8) {
            append(series, LABELS_FIELD, new byte[] {(byte) 0xff});
        } else if (kind == 9) {
            append(series, SAMPLES_FIELD, new byte[] {8, 1, 26, 1, 1});
        }
        return series.toByteArray();
    }

    private static byte[] label(String name, String value) {
        return Label.newBuilder().setName(name).setValue(value).build().toByteArray();
    }

    private static void append(ByteArrayOutputStream out, int field, byte[] message) throws IOException {
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        coded.writeBytes(field, ByteString.copyFrom(message));
        coded.flush();
    }

    private static byte[] request(String name) throws IOException {
        ByteArrayOutputStream series = new ByteArrayOutputStream();
        append(series, LABELS_FIELD, label("__name__", name));
        append(series, SAMPLES_FIELD, new byte[0]);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        append(request, 1, series.toByteArray());
        return Snappy.compress(request.toByteArray());
    }
}
