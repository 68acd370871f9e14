package dev.weir.benchmarks.ingest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** What the job has not read yet, as it tells the broker with each checkpoint. */
final class Backlog implements AutoCloseable {
    private static final String GROUP = "weir-aggregation";
    private static final int LOOK_MS = 100;
    private static final long LONGEST_SECONDS = 600;

    private final Admin admin;
    private final String topic;

    Backlog(Properties client, String topic) {
        this.admin = Admin.create(client);
        this.topic = topic;
    }

    /**
     * Waits until all that is in the topic now has been read, and stored in a checkpoint.
     *
     * @return how many seconds that took
     * @throws TimeoutException if it takes ten minutes
     */
    double awaitRead() throws ExecutionException, InterruptedException, TimeoutException {
        long startNanos = System.nanoTime();
        Map<TopicPartition, Long> ends = ends();
        while (!isReadTo(ends)) {
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(LONGEST_SECONDS)) {
                throw new TimeoutException("the job: behind for " + LONGEST_SECONDS + " s (expected: to catch up)");
            }
            Thread.sleep(LOOK_MS);
        }
        return (System.nanoTime() - startNanos) / 1e9;
    }

    private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        for (TopicDescription described :
                admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
            for (TopicPartitionInfo partition : described.partitions()) {
                newest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(newest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    private boolean isReadTo(Map<TopicPartition, Long> ends) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(GROUP)
                .partitionsToOffsetAndMetadata()
                .get();
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = read.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }

    @Override
    public void close() {
        admin.close();
    }
}
