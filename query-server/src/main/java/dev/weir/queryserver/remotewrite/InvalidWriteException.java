package dev.weir.queryserver.remotewrite;

/** A write request that cannot be taken, whole, at any time. The message names what and what was expected. */
public final class InvalidWriteException extends Exception {
    private static final long serialVersionUID = 1;

    /** What kind of rule it breaks; each is a value of the rejection counter's label. */
    public enum Reason {
        ENCODING(400),
        MEDIA_TYPE(415),
        TOO_LARGE(413),
        LABELS(400),
        HISTOGRAM(400);

        private final int httpStatus;

        Reason(int httpStatus) {
            this.httpStatus = httpStatus;
        }

        public int httpStatus() {
            return httpStatus;
        }
    }

    private final Reason reason;

    public InvalidWriteException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
