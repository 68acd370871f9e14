package dev.weir.delivery;

/** Identities of the operators in checkpoints. One that was ever released is never changed or used for another. */
final class OperatorUids {
    static final String SERIES_SOURCE = "delivery-series-source";
    static final String REMOTE_WRITE = "delivery-remote-write";

    private OperatorUids() {}
}
