package dev.weir.delivery;

import org.jspecify.annotations.Nullable;

/**
 * One record of {@code weir.series}: some series of one group for one window.
 *
 * @param appendTimeMs the broker's time of the record
 * @param key the group's bytes; null in foreign records
 * @param value an encoded, uncompressed remote-write 1.0 {@code WriteRequest}
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes pass through; nobody compares records.
public record SeriesRecord(
        String topic, int partition, long offset, long appendTimeMs, byte @Nullable [] key, byte[] value) {
    /** This place in the topic with another value. */
    SeriesRecord withValue(byte[] other) {
        return new SeriesRecord(topic, partition, offset, appendTimeMs, key, other);
    }

    /** Where it stands in the topic, for messages. */
    String place() {
        return topic + "-" + partition + "@" + offset;
    }
}
