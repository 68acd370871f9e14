package dev.weir.promql.value;

/** A query has no value. The kind is the {@code errorType} of the HTTP API. */
public final class PromQlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Whose fault it is. */
    public enum Kind {
        /** The query or its parameters are wrong. */
        BAD_DATA("bad_data"),
        /** The query is right, but its evaluation met what it cannot handle, a limit for instance. */
        EXECUTION("execution"),
        CANCELED("canceled"),
        TIMEOUT("timeout");

        private final String errorType;

        Kind(String errorType) {
            this.errorType = errorType;
        }

        /** The name in the HTTP API. */
        public String errorType() {
            return errorType;
        }
    }

    private final Kind kind;

    public PromQlException(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    public static PromQlException execution(String message) {
        return new PromQlException(Kind.EXECUTION, message);
    }

    public Kind kind() {
        return kind;
    }
}
