package dev.weir.exposition;

/**
 * What one page may hold. The limits stand far above what exporters send, and far below what would hurt; a page beyond
 * them is an error, in both modes.
 */
public final class ParseLimits {
    /** The longest line, HELP text included. */
    public static final int MAX_LINE_BYTES = 1 << 20;

    /** The longest metric name, label name or label value, before unescaping. */
    public static final int MAX_STRING_BYTES = 1 << 16;

    /** The most labels of one sample or exemplar. */
    public static final int MAX_LABELS = 512;

    /** The most sample lines of one page; the buckets of its native histograms, too, may be no more. */
    public static final int MAX_SAMPLES = 5_000_000;

    /** The most characters of names and labels that the samples of a protobuf page may have, counted as in text. */
    public static final int MAX_EXPANDED_CHARS = 256 << 20;

    /** The most buckets on each side of a native histogram. */
    public static final int MAX_NATIVE_BUCKETS = 1 << 16;

    /** The most positions of a {@link Vector}. */
    public static final int MAX_VECTOR_LENGTH = 256;

    private ParseLimits() {}
}
