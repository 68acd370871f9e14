package dev.weir.series;

/** Two native histograms cannot be combined, because their buckets have no common refinement. */
public final class IncompatibleHistogramsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What differs. */
    public enum Reason {
        SCHEMA("one histogram has exponential buckets, the other custom ones"),
        BOUNDS("the custom bounds of the histograms differ");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private final Reason reason;

    public IncompatibleHistogramsException(Reason reason) {
        super(reason.text, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
