package dev.weir.producer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.Vantage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EventProducerTest {
    private final MockProducer<byte[], byte[]> kafka = new MockProducer<>(
            false, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final EventProducer producer = new EventProducer(kafka, "scrapes", "requests");

    @Test
    void writesEventsUnderTheKeysThatTheirPartitionsFollowFrom() throws Exception {
        CompletableFuture<RecordMetadata> first = producer.send(scrape().build());
        CompletableFuture<RecordMetadata> second = producer.send(request().build());
        assertFalse(first.isDone());
        assertTrue(kafka.completeNext());
        assertTrue(kafka.completeNext());
        assertEquals("scrapes", first.get().topic());
        assertEquals("requests", second.get().topic());
        ProducerRecord<byte[], byte[]> record = kafka.history().get(0);
        assertArrayEquals("p\0vllm\0http://10.0.0.1:8000/metrics".getBytes(StandardCharsets.UTF_8), record.key());
        assertEquals(scrape().build(), new EventCodec<>(ScrapeEvent.class).decode(record.value()));
        record = kafka.history().get(1);
        assertArrayEquals("r1".getBytes(StandardCharsets.UTF_8), record.key());
        assertEquals(request().build(), new EventCodec<>(RequestEvent.class).decode(record.value()));
        producer.close();
        assertTrue(kafka.closed());
    }

    @Test
    void tellsAFailureByTheFutureAndOnceMoreByTheNextFlush() {
        CompletableFuture<RecordMetadata> lost = producer.send(request().build());
        assertTrue(kafka.errorNext(new KafkaException("gone")));
        assertTrue(lost.isCompletedExceptionally());
        ProduceException e = assertThrows(ProduceException.class, producer::flush);
        assertEquals("an event was not written: org.apache.kafka.common.KafkaException: gone", e.getMessage());
        producer.flush();
        kafka.sendException = new KafkaException("full");
        assertTrue(producer.send(request().build()).isCompletedExceptionally());
        assertThrows(ProduceException.class, producer::close);
    }

    @Test
    void sendsNothingThatCannotBeTrue() {
        refused(
                "ScrapeEvent: job: \"\" (expected: 1 to 65536 characters, none of them a control character)",
                scrape().setJob(""));
        refused(
                "ScrapeEvent: label \"__address__\" (expected: letters, digits and underscores, no digit first, not two"
                        + " underscores first)",
                scrape().setLabels(Map.of("__address__", "x")));
        refused("ScrapeEvent: interval_ms: 0 (expected: > 0)", scrape().setIntervalMs(0));
        refused(
                "ScrapeEvent: body: 1 bytes with outcome REFUSED (expected: none without the outcome BODY)",
                scrape().setOutcome(ScrapeOutcome.REFUSED));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> producer.send(request().setModel("").build()));
        assertEquals("RequestEvent: model: empty (expected: a name)", e.getMessage());
        assertTrue(kafka.history().isEmpty());
    }

    @Test
    void letsNobodyTakeBackWhatAnAcknowledgementRestsOn() {
        ProducerOptions options = ProducerOptions.of("broker:9092").with("sasl.jaas.config", "password");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> options.with("acks", "1"));
        assertEquals("acks: 1 (expected: all)", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> options.with("partitioner.class", "Mine"));
        assertThrows(IllegalArgumentException.class, () -> new ProducerOptions(Map.of(), "s", "r"));
        Properties properties = options.with("linger.ms", "100").properties();
        assertEquals("all", properties.getProperty("acks"));
        assertEquals("true", properties.getProperty("enable.idempotence"));
        assertEquals("100", properties.getProperty("linger.ms"));
        assertFalse(options.toString().contains("=password"), options::toString);
    }

    private void refused(String message, ScrapeEvent.Builder event) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> producer.send(event.build()));
        assertEquals(message, e.getMessage());
    }

    private static ScrapeEvent.Builder scrape() {
        return ScrapeEvent.newBuilder()
                .setProject("p")
                .setJob("vllm")
                .setTargetUrl("http://10.0.0.1:8000/metrics")
                .setLabels(Map.of("job", "vllm"))
                .setScraperId("test")
                .setRequestStartMs(1)
                .setRequestEndMs(2)
                .setIntervalMs(15_000)
                .setWatchedSinceMs(0)
                .setOutcome(ScrapeOutcome.BODY)
                .setBody(ByteBuffer.wrap(new byte[] {'\n'}));
    }

    private static RequestEvent.Builder request() {
        return RequestEvent.newBuilder()
                .setRequestId("r1")
                .setProject("p")
                .setModel("m")
                .setVantage(Vantage.ENGINE)
                .setStatus(RequestStatus.OK)
                .setStartMs(1)
                .setEndMs(2);
    }
}
