package dev.weir.aggregation.operator;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.aggregation.report.OwnSeries;
import dev.weir.schemas.remotewrite.Label;
import dev.weir.schemas.remotewrite.Sample;
import dev.weir.schemas.remotewrite.TimeSeries;
import dev.weir.schemas.remotewrite.WriteRequest;
import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to which window each partition of {@code weir.series} is written, as its frontier says. A job that goes on from an
 * older checkpoint than its newest comes to these windows again; since they follow from append times alone it comes to the
 * same, so that leaving them out makes up for it.
 *
 * @param throughMs by lane the end of the newest window
 */
public record WrittenWindows(Map<Integer, Long> throughMs) implements Serializable {
    public static final WrittenWindows NONE = new WrittenWindows(Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(WrittenWindows.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** A partition whose end is not read within this time counts as unread. */
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** How many records from its end a partition is read at first. */
    private static final long FIRST_LOOK = 64;

    public WrittenWindows {
        throughMs = Map.copyOf(throughMs);
    }

    /**
     * What the topic holds, committed, at this moment.
     *
     * @throws IllegalStateException if the broker does not answer in time
     */
    public static WrittenWindows in(Properties client, String topic) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("isolation.level", "read_committed");
        properties.setProperty("enable.auto.commit", "false");
        Map<Integer, Long> found = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.listTopics().getOrDefault(topic, List.<PartitionInfo>of()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> newest(consumer, partition, begins.getOrDefault(partition, 0L), end)
                            .ifPresent(ms -> found.put(partition.partition(), ms)));
        }
        LOG.info("{}: written through {}", topic, found);
        return new WrittenWindows(found);
    }

    /** End of the newest window that the lane has written, or the least of all times. */
    long throughMs(int lane) {
        return throughMs.getOrDefault(lane, Long.MIN_VALUE);
    }

    /** Looks further and further back until there is a frontier. */
    private static OptionalLong newest(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long begin, long end) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        consumer.assign(List.of(partition));
        long look = FIRST_LOOK;
        while (true) {
            long from = Math.max(begin, end - look);
            consumer.seek(partition, from);
            OptionalLong newest = OptionalLong.empty();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(partition + ": not read to its end within " + LIMIT);
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    OptionalLong frontier = frontier(record.value());
                    newest = frontier.isPresent() ? frontier : newest;
                }
            }
            if (newest.isPresent() || from == begin) {
                return newest;
            }
            look *= 8;
        }
    }

    private static OptionalLong frontier(byte[] value) {
        try {
            for (TimeSeries series : WriteRequest.parseFrom(value).getTimeseriesList()) {
                for (Label label : series.getLabelsList()) {
                    if (label.getName().equals("__name__") && label.getValue().equals(OwnSeries.FRONTIER)) {
                        return series.getSamplesList().stream()
                                .mapToLong(Sample::getTimestamp)
                                .max();
                    }
                }
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a record that is no write request: {}", e.toString());
        }
        return OptionalLong.empty();
    }
}
