package dev.weir.aggregation.group;

/**
 * One record of {@code weir.series}.
 *
 * @param lane its partition
 * @param key of its group
 * @param value an encoded remote-write request
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes on their way to Kafka, never compared.
public record SeriesRecord(int lane, byte[] key, byte[] value) {}
