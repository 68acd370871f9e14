package dev.weir.exposition;

import org.jspecify.annotations.Nullable;

/** Reads messages {@code Histogram}: classic buckets, a native histogram, or both. */
final class ProtobufHistogramReader {
    private static final int SAMPLE_COUNT = 1;
    private static final int SAMPLE_SUM = 2;
    private static final int BUCKET = 3;
    private static final int SAMPLE_COUNT_FLOAT = 4;
    private static final int SCHEMA = 5;
    private static final int ZERO_THRESHOLD = 6;
    private static final int ZERO_COUNT = 7;
    private static final int ZERO_COUNT_FLOAT = 8;
    private static final int NEGATIVE_SPAN = 9;
    private static final int NEGATIVE_DELTA = 10;
    private static final int NEGATIVE_COUNT = 11;
    private static final int POSITIVE_SPAN = 12;
    private static final int POSITIVE_DELTA = 13;
    private static final int POSITIVE_COUNT = 14;
    private static final int CREATED_TIMESTAMP = 15;
    private static final int EXEMPLARS = 16;

    private static final int CUMULATIVE_COUNT = 1;
    private static final int UPPER_BOUND = 2;
    private static final int BUCKET_EXEMPLAR = 3;
    private static final int CUMULATIVE_COUNT_FLOAT = 4;

    private static final int OFFSET = 1;
    private static final int LENGTH = 2;

    private final WireReader in;
    private final ProtobufPartsReader parts;
    private final ProtobufSamples samples;

    ProtobufHistogramReader(WireReader in, ProtobufPartsReader parts, ProtobufSamples samples) {
        this.in = in;
        this.parts = parts;
        this.samples = samples;
    }

    /** Reads the message that the reader has entered; in two passes, since buckets need its start and count. */
    void read(boolean gauge) throws ExpositionException {
        int from = in.pos();
        NativeHistogramDraft draft = new NativeHistogramDraft();
        long createdMs = Sample.NO_TIMESTAMP;
        Exemplar newest = null;
        while (in.nextField()) {
            switch (in.field()) {
                case CREATED_TIMESTAMP -> createdMs = parts.readTimestamp("created_timestamp");
                case EXEMPLARS -> newest = newer(newest, parts.readExemplar());
                default -> readField(draft);
            }
        }
        in.seek(from);
        boolean infinite = false;
        while (in.nextField()) {
            if (in.field() == BUCKET) {
                infinite |= readBucket(createdMs);
            } else {
                in.skip();
            }
        }
        if (!infinite) {
            samples.bucket(Double.POSITIVE_INFINITY, draft.count(), createdMs, null);
        }
        samples.sumAndCount(draft.sum, draft.count(), createdMs);
        if (draft.isNative()) {
            try {
                samples.nativeHistogram(draft.build(gauge), createdMs, newest);
            } catch (InvalidHistogramException e) {
                throw in.error(from, e.problem(), e.expected());
            }
        }
    }

    private void readField(NativeHistogramDraft draft) throws ExpositionException {
        switch (in.field()) {
            case SAMPLE_COUNT -> draft.integerCount = in.count("sample_count");
            case SAMPLE_COUNT_FLOAT -> draft.floatCount = floatCount("sample_count_float");
            case SAMPLE_SUM -> draft.sum = in.float64("sample_sum");
            case SCHEMA -> draft.schema = in.sint64("schema");
            case ZERO_THRESHOLD -> draft.zeroThreshold = in.float64("zero_threshold");
            case ZERO_COUNT -> draft.integerZeroCount = in.count("zero_count");
            case ZERO_COUNT_FLOAT -> draft.floatZeroCount = floatCount("zero_count_float");
            case NEGATIVE_SPAN -> readSpan(draft.negative);
            case NEGATIVE_DELTA -> readDeltas(draft.negative);
            case NEGATIVE_COUNT -> readCounts(draft.negative);
            case POSITIVE_SPAN -> readSpan(draft.positive);
            case POSITIVE_DELTA -> readDeltas(draft.positive);
            case POSITIVE_COUNT -> readCounts(draft.positive);
            default -> in.skip();
        }
    }

    /** Returns whether it was the last bucket, +Inf. */
    private boolean readBucket(long createdMs) throws ExpositionException {
        int at = in.pos();
        int outer = in.enter("bucket");
        double count = 0;
        double floatCount = 0;
        double upperBound = 0;
        Exemplar exemplar = null;
        while (in.nextField()) {
            switch (in.field()) {
                case CUMULATIVE_COUNT -> count = in.count("cumulative_count");
                case CUMULATIVE_COUNT_FLOAT -> floatCount = floatCount("cumulative_count_float");
                case UPPER_BOUND -> upperBound = in.float64("upper_bound");
                case BUCKET_EXEMPLAR -> exemplar = parts.readExemplar();
                default -> in.skip();
            }
        }
        in.leave(outer);
        if (Double.isNaN(upperBound)) {
            throw in.error(at, "upper_bound of a bucket: NaN", "a number");
        }
        samples.bucket(upperBound, floatCount > 0 ? floatCount : count, createdMs, exemplar);
        return upperBound == Double.POSITIVE_INFINITY;
    }

    private void readSpan(NativeBucketsDraft side) throws ExpositionException {
        int at = in.pos();
        int outer = in.enter("span");
        long offset = 0;
        long length = 0;
        while (in.nextField()) {
            switch (in.field()) {
                case OFFSET -> offset = in.sint64("offset of a span");
                case LENGTH -> length = in.count("length of a span");
                default -> in.skip();
            }
        }
        in.leave(outer);
        try {
            side.addSpan(offset, length);
        } catch (InvalidHistogramException e) {
            throw in.error(at, e.problem(), e.expected());
        }
    }

    private void readDeltas(NativeBucketsDraft side) throws ExpositionException {
        int at = in.pos();
        try {
            if (!in.isPacked()) {
                side.addDelta(in.sint64("bucket delta"));
                return;
            }
            int outer = in.enter("bucket deltas");
            while (!in.atEnd()) {
                side.addDelta(in.packedSint64("bucket delta"));
            }
            in.leave(outer);
        } catch (InvalidHistogramException e) {
            throw in.error(at, e.problem(), e.expected());
        }
    }

    private void readCounts(NativeBucketsDraft side) throws ExpositionException {
        int at = in.pos();
        try {
            if (!in.isPacked()) {
                side.addCount(in.float64("bucket count"));
                return;
            }
            int outer = in.enter("bucket counts");
            while (!in.atEnd()) {
                side.addCount(in.packedFloat64("bucket count"));
            }
            in.leave(outer);
        } catch (InvalidHistogramException e) {
            throw in.error(at, e.problem(), e.expected());
        }
    }

    private double floatCount(String what) throws ExpositionException {
        int at = in.pos();
        double count = in.float64(what);
        if (!(count >= 0)) {
            throw in.error(at, what + ": " + count, ">= 0");
        }
        return count;
    }

    private static Exemplar newer(@Nullable Exemplar known, Exemplar other) {
        return known == null || other.timestampMs() >= known.timestampMs() ? other : known;
    }
}
