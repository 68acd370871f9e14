package dev.weir.exposition;

/** Is told of each sample line as it is read, in the page's order, and says which value its {@link Sample} carries. */
public interface LineListener {
    /** Leaves every value as it is. */
    LineListener NONE = new LineListener() {
        @Override
        public double onLine(Line line) {
            return line.value();
        }

        @Override
        public void onUnrepeatable() {}
    };

    /** The sample line just read; reused from line to line. */
    interface Line {
        double value();

        /** Offset of the value's first byte, and behind its last one. */
        int valueAt();

        int valueEnd();

        /** Unix time in ms, or {@link Sample#NO_TIMESTAMP}; only with one do the offsets mean something. */
        long timestampMs();

        int timestampAt();

        int timestampEnd();
    }

    /** The value that the line's sample shall carry. */
    double onLine(Line line);

    /** The page has what is no constant, value or timestamp: an exemplar, or a value of several numbers. */
    void onUnrepeatable();
}
