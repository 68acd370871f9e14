package dev.weir.e2e.churn;

/** The runs of {@code docs/churn.md}. */
final class ChurnTable {
    static final long SEED = 1;
    static final int SLOTS = 100;

    private ChurnTable() {}
}
