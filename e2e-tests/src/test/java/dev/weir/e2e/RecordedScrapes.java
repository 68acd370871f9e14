package dev.weir.e2e;

import dev.weir.schemas.EventCodec;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeOutcome;
import dev.weir.schemas.UndecodableRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the recorded scrapes saw, read from the topic itself: per process the values of its newest page, with a few regular
 * expressions instead of the project's parser. A process is told by its target and its start.
 */
final class RecordedScrapes {
    private static final Pattern PROCESS_START = Pattern.compile("(?m)^process_start_time_seconds ([0-9.e+]+)");

    private final Map<String, Map<String, Double>> newestByProcess = new HashMap<>();

    /** Reads all that the topic holds now. */
    static RecordedScrapes read(String bootstrapServers) throws IOException, UndecodableRecordException {
        RecordedScrapes scrapes = new RecordedScrapes();
        EventCodec<ScrapeEvent> codec = new EventCodec<>(ScrapeEvent.class);
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("weir.scrapes").stream()
                    .map(RecordedScrapes::partition)
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (codec.reads(EventCodec.fingerprintOf(record.value()))) {
                        scrapes.take(codec.decode(record.value()));
                    }
                }
            }
        }
        return scrapes;
    }

    /** By family, summed over the processes that tell their start. */
    Map<String, Double> totals() {
        Map<String, Double> totals = new TreeMap<>();
        newestByProcess
                .values()
                .forEach(values -> values.forEach((family, value) -> totals.merge(family, value, Double::sum)));
        return totals;
    }

    private void take(ScrapeEvent event) throws IOException {
        if (event.getOutcome() != ScrapeOutcome.BODY) {
            return;
        }
        String page = page(event);
        Matcher start = PROCESS_START.matcher(page);
        if (!start.find()) {
            return;
        }
        Map<String, Double> values = new TreeMap<>();
        for (String family : Fleet.families()) {
            Matcher sample = Pattern.compile(
                            "(?m)^" + Pattern.quote(family) + "(?:_count)?(?:\\{[^}]*\\})? ([0-9.e+]+)")
                    .matcher(page);
            while (sample.find()) {
                values.merge(family, Double.parseDouble(sample.group(1)), Double::sum);
            }
        }
        newestByProcess.put(event.getTargetUrl() + " since " + start.group(1), values);
    }

    private static String page(ScrapeEvent event) throws IOException {
        byte[] body = new byte[event.getBody().remaining()];
        event.getBody().duplicate().get(body);
        if (event.getContentEncoding().equals("gzip")) {
            try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = gzip.readAllBytes();
            }
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static TopicPartition partition(PartitionInfo info) {
        return new TopicPartition(info.topic(), info.partition());
    }
}
