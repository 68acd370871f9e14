package dev.weir.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCodecTest {
    /** Worked out from the Avro specification by a separate program: canonical form, CRC-64-AVRO, zigzag varints. */
    private static final String TICK_HEX = "c301c20aeedc39d4f0120c776569722d31f6a1abfef962";

    private static final String SCRAPE_HEX =
            "c30170d7a2d0abfe39730e64656661756c7408766c6c6d38687474703a2f2f31302e302e302e313a"
                    + "383030302f6d65747269637302066a6f6208766c6c6d000c776569722d3180a0abfef962a8a0abfef962b0ea01e083aafef962000014"
                    + "746578742f706c61696e000a757020310a0280a0abfef96200";

    private final EventCodec<Tick> ticks = new EventCodec<>(Tick.class);
    private final EventCodec<ScrapeEvent> scrapes = new EventCodec<>(ScrapeEvent.class);

    @Test
    void tickHasTheBytesOfTheSpecification() throws Exception {
        byte[] expected = HexFormat.of().parseHex(TICK_HEX);
        assertArrayEquals(expected, ticks.encode(tick()));
        assertEquals(tick(), ticks.decode(expected));
    }

    @Test
    void scrapeEventHasTheBytesOfTheSpecification() throws Exception {
        byte[] expected = HexFormat.of().parseHex(SCRAPE_HEX);
        assertArrayEquals(expected, scrapes.encode(scrape()));
        assertEquals(scrape(), scrapes.decode(expected));
    }

    @Test
    void aFormerEventLeavesNothingInTheNextOne() throws Exception {
        ScrapeEvent former = scrapes.decode(scrapes.encode(scrape()));
        former.setBody(ByteBuffer.wrap(new byte[1_000]));
        former.setLabels(new HashMap<>(Map.of("former", "x")));
        former.setError("former");
        ScrapeEvent next = scrapes.decode(HexFormat.of().parseHex(SCRAPE_HEX), former);
        assertEquals(scrape(), next);
        assertEquals(1_000, next.getBody().capacity(), "the former body's bytes are used again");
        assertEquals(scrape(), scrapes.decode(HexFormat.of().parseHex(SCRAPE_HEX), next));
    }

    @Test
    void fingerprintTellsEventsApart() throws Exception {
        long tick = EventCodec.fingerprintOf(ticks.encode(tick()));
        long scrape = EventCodec.fingerprintOf(scrapes.encode(scrape()));
        assertTrue(ticks.reads(tick));
        assertFalse(ticks.reads(scrape));
        assertEquals(0x12f0d439dcee0ac2L, tick);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void decodeReturnsWhatEncodeWasGiven(int seed) throws Exception {
        Random random = new Random(seed);
        EventCodec<DeadLetter> deadLetters = new EventCodec<>(DeadLetter.class);
        EventCodec<RequestEvent> requests = new EventCodec<>(RequestEvent.class);
        for (int i = 0; i < 200; i++) {
            DeadLetter letter = randomDeadLetter(random);
            assertEquals(letter, deadLetters.decode(deadLetters.encode(letter)), () -> "seed " + seed);
            RequestEvent request = randomRequest(random);
            assertEquals(request, requests.decode(requests.encode(request)), () -> "seed " + seed);
        }
    }

    @Test
    void unknownFingerprintIsNamedBesideTheNewestOne() {
        byte[] foreign = ticks.encode(tick());
        foreign[2] ^= 1;
        assertEquals(
                "schema fingerprint 12f0d439dcee0ac3 (expected: a version of Tick, the newest is 12f0d439dcee0ac2)",
                messageOf(foreign));
    }

    @Test
    void bytesWithoutHeaderAreRefused() {
        String expected = "no single-object header in %d bytes (expected: C3 01, then an 8-byte schema fingerprint)";
        assertEquals(String.format(expected, 0), messageOf(new byte[0]));
        assertEquals(String.format(expected, 9), messageOf(Arrays.copyOf(ticks.encode(tick()), 9)));
        assertEquals(
                String.format(expected, 40),
                messageOf("{\"scraper_id\":\"json is not what we take\"}"
                        .substring(0, 40)
                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bytesAfterTheRecordAreRefused() {
        byte[] encoded = ticks.encode(tick());
        String message = messageOf(Arrays.copyOf(encoded, encoded.length + 1));
        assertTrue(message.contains("bytes left over after the record"), message);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] encoded = scrapes.encode(scrape());
        for (int length = 0; length < encoded.length; length++) {
            byte[] cut = Arrays.copyOf(encoded, length);
            assertThrows(UndecodableRecordException.class, () -> scrapes.decode(cut), "length " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 12, 13})
    void damagedBodyIsRefusedOrReadButNeverThrowsAnythingElse(int seed) {
        Random random = new Random(seed);
        byte[] encoded = scrapes.encode(scrape());
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = encoded.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                damaged[EventCodec.HEADER_BYTES + random.nextInt(damaged.length - EventCodec.HEADER_BYTES)] =
                        (byte) random.nextInt();
            }
            try {
                scrapes.decode(damaged);
            } catch (UndecodableRecordException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        }
    }

    /** Avro would allocate the length first, and the JVM that runs with ExitOnOutOfMemoryError would end. */
    @Test
    void absurdLengthsAreRefusedBeforeAnythingIsAllocatedForThem() {
        String hugeProject = "c30170d7a2d0abfe3973" + "8080808008" + "64";
        String manyLabels = "c30170d7a2d0abfe3973" + "0270" + "026a" + "0275" + "8080808008" + "026b0276";
        String blockOfManyLabels = "c30170d7a2d0abfe3973" + "0270" + "026a" + "0275" + "ffffffff07" + "02" + "026b0276";
        assertEquals(
                "ScrapeEvent: damaged body: field project: length 1073741824 bytes (expected: at most the 1 that are left)",
                messageOfScrape(hugeProject));
        assertEquals(
                "ScrapeEvent: damaged body: field labels: 1073741824 items (expected: at most the 4 bytes that are left)",
                messageOfScrape(manyLabels));
        assertEquals(
                "ScrapeEvent: damaged body: field labels: -1073741824 items (expected: at most the 4 bytes that are left)",
                messageOfScrape(blockOfManyLabels));
    }

    @Test
    void codecGoesOnAfterADamagedRecord() throws Exception {
        byte[] encoded = ticks.encode(tick());
        assertThrows(UndecodableRecordException.class, () -> ticks.decode(Arrays.copyOf(encoded, 12)));
        assertEquals(tick(), ticks.decode(encoded));
    }

    private String messageOf(byte[] bytes) {
        return String.valueOf(assertThrows(UndecodableRecordException.class, () -> ticks.decode(bytes))
                .getMessage());
    }

    private String messageOfScrape(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return String.valueOf(assertThrows(UndecodableRecordException.class, () -> scrapes.decode(bytes))
                .getMessage());
    }

    private static Tick tick() {
        return new Tick("weir-1", 1_700_000_000_123L);
    }

    private static ScrapeEvent scrape() {
        return ScrapeEvent.newBuilder()
                .setProject("default")
                .setJob("vllm")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "vllm"))
                .setScraperId("weir-1")
                .setRequestStartMs(1_700_000_000_000L)
                .setRequestEndMs(1_700_000_000_020L)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(1_699_999_990_000L)
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType("text/plain")
                .setBody(ByteBuffer.wrap("up 1\n".getBytes(StandardCharsets.UTF_8)))
                .setTargetDateMs(1_700_000_000_000L)
                .build();
    }

    private static DeadLetter randomDeadLetter(Random random) {
        byte[] value = new byte[random.nextInt(200)];
        random.nextBytes(value);
        DeadLetter.Builder letter = DeadLetter.newBuilder()
                .setReason("reason \u00e9\ud83d\ude00 " + random.nextInt())
                .setTopic("weir.scrapes")
                .setPartition(random.nextInt())
                .setOffset(random.nextLong())
                .setAppendTimeMs(random.nextLong())
                .setValue(ByteBuffer.wrap(value));
        if (random.nextBoolean()) {
            letter.setKey(ByteBuffer.wrap(new byte[] {(byte) random.nextInt()}));
        }
        return letter.build();
    }

    private static RequestEvent randomRequest(Random random) {
        RequestEvent.Builder request = RequestEvent.newBuilder()
                .setRequestId("r" + random.nextLong())
                .setProject("p")
                .setModel("m")
                .setVantage(Vantage.GATEWAY)
                .setStatus(random.nextBoolean() ? RequestStatus.OK : RequestStatus.ABORTED)
                .setStartMs(random.nextLong())
                .setEndMs(random.nextLong())
                .setOutputTokenTimesSeconds(List.of(random.nextDouble(), Double.POSITIVE_INFINITY));
        if (random.nextBoolean()) {
            request.setTimeToFirstTokenSeconds(random.nextDouble());
            request.setOutputTokens(random.nextLong());
        }
        return request.build();
    }
}
