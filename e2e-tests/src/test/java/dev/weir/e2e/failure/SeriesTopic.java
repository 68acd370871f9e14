package dev.weir.e2e.failure;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What is committed in the topic of results, as one more reader sees it. Not safe for use by several threads. */
final class SeriesTopic implements AutoCloseable {
    static final String FRONTIER = "weir_frontier_timestamp_seconds";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Map<String, String>, NavigableMap<Long, String>> series = new HashMap<>();
    private final Map<Integer, Long> frontiers = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private int records;

    SeriesTopic(String bootstrapServers, String topic, int partitions) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Reads what there is now. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            try {
                add(record.partition(), WriteRequest.parseFrom(record.value()));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
            records++;
        }
    }

    /** By labels and time the values, histograms as text. */
    Map<Map<String, String>, NavigableMap<Long, String>> series() {
        return series;
    }

    /** What the topic may not hold: a point twice, or a window after a later one. */
    List<String> violations() {
        return violations;
    }

    int records() {
        return records;
    }

    /** End of the newest window of all partitions that have any. */
    OptionalLong frontierMs() {
        return frontiers.values().stream().mapToLong(Long::longValue).min();
    }

    private void add(int partition, WriteRequest request) {
        Map<Map<String, String>, NavigableMap<Long, String>> added = new HashMap<>();
        Receiver.add(request, added);
        added.forEach((labels, points) -> {
            NavigableMap<Long, String> known = series.computeIfAbsent(labels, key -> new TreeMap<>());
            points.forEach((time, value) -> {
                if (!known.isEmpty() && time <= known.lastKey()) {
                    violations.add(
                            "a point at " + time + " after that at " + known.lastKey() + " in the topic, of " + labels);
                }
                known.put(time, value);
                if (FRONTIER.equals(labels.get("__name__"))) {
                    frontiers.merge(partition, time, Math::max);
                }
            });
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
