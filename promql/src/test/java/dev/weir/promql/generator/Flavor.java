package dev.weir.promql.generator;

/** What a vector holds, which decides what may sensibly be done with it. */
public enum Flavor {
    /** Numbers that go both ways. */
    GAUGE,
    /** Numbers that grow, and fall at resets. */
    COUNTER,
    /** Buckets of classic histograms, with the label {@code le}. */
    CLASSIC_HISTOGRAM,
    /** Native histograms, here and there a number between them. */
    NATIVE_HISTOGRAM
}
