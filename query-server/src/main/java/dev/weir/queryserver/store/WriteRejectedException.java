package dev.weir.queryserver.store;

/** A write that was refused whole. The message names the series, the value and what was expected. */
public final class WriteRejectedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why a write was refused. */
    public enum Reason {
        OUT_OF_ORDER(false),
        DUPLICATE_TIMESTAMP(false),
        TOO_FAR_AHEAD(false),
        TOO_OLD(false),
        /** A limit on how much is stored: it may pass later. */
        LIMIT(true),
        /** The server cannot store anything at the moment: full disk, full queue, shutting down. */
        UNAVAILABLE(true);

        private final boolean isRetryable;

        Reason(boolean isRetryable) {
            this.isRetryable = isRetryable;
        }

        /** Whether the same request may be accepted later. */
        public boolean isRetryable() {
            return isRetryable;
        }
    }

    private final Reason reason;

    public WriteRejectedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
