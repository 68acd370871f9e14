package dev.weir.ingest.topic;

/** One record on its way to the topic of scrapes. A plain object of Flink's, so that no Kryo is needed. */
public final class IngestRecord {
    /** The partition follows from the key. */
    public static final int BY_KEY = -1;

    /** One copy for each partition, made by {@link TickFanOut}. */
    public static final int EVERY_PARTITION = -2;

    /** Empty: none. */
    public byte[] key = {};

    public byte[] value = {};

    /** From 0, or one of the constants. */
    public int partition = BY_KEY;

    public IngestRecord() {}

    private IngestRecord(byte[] key, byte[] value, int partition) {
        this.key = key;
        this.value = value;
        this.partition = partition;
    }

    /** An encoded ScrapeEvent under its target's key. */
    public static IngestRecord scrape(byte[] key, byte[] value) {
        return new IngestRecord(key, value, BY_KEY);
    }

    /** An encoded Tick for every partition. */
    public static IngestRecord tick(byte[] value) {
        return new IngestRecord(new byte[0], value, EVERY_PARTITION);
    }

    IngestRecord in(int onePartition) {
        return new IngestRecord(key, value, onePartition);
    }
}
