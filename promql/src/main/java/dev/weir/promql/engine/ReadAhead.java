package dev.weir.promql.engine;

import dev.weir.promql.column.QueryContext;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.PromQlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Reads series in batches, some of them on another thread while the query's own works on those before. The query's thread
 * reads what nobody has begun to read, so it never waits for a thread to come free. Series come in their order.
 *
 * <p>At most {@link #BATCHES} are in memory. One that would take more than {@link #MAX_SAMPLES_AHEAD} is left to the query's
 * thread, which counts as it reads; what was read ahead is counted when it is taken.
 */
final class ReadAhead {
    private static final int BATCHES = 8;
    private static final int MAX_BATCH_SERIES = 32;
    private static final int MAX_SAMPLES_AHEAD = 1 << 16;

    private final List<StoredSeries> series;
    private final SeriesReader.TimeSpan span;
    private final QueryContext context;
    private final int batchSeries;
    private final int batchCount;
    private final List<Batch> ring = new ArrayList<>(BATCHES);
    /** The batch that the query is at. Guarded by this, as is what follows and the state of batches. */
    private int current = -1;

    private boolean isReading;
    private int given;

    /** Where a batch is on its way. */
    private enum State {
        WAITING,
        LEFT_TO_THE_QUERY,
        BEING_READ,
        READ
    }

    /** @param typicalSamples how many a series has, about */
    ReadAhead(List<StoredSeries> series, SeriesReader.TimeSpan span, int typicalSamples, QueryContext context) {
        this.series = series;
        this.span = span;
        this.context = context;
        this.batchSeries = Math.max(1, Math.min(MAX_BATCH_SERIES, MAX_SAMPLES_AHEAD / 4 / Math.max(1, typicalSamples)));
        this.batchCount = (series.size() + batchSeries - 1) / batchSeries;
        for (int i = 0; i < BATCHES; i++) {
            ring.add(new Batch(i));
        }
    }

    /** The samples of the next series, of which there must be one. */
    SampleColumns next() {
        if (given % batchSeries == 0) {
            advance();
        }
        return batch(current).columns.get(given++ % batchSeries);
    }

    private void advance() {
        Batch batch;
        boolean isOwn;
        synchronized (this) {
            if (current >= 0) {
                batch(current).moveTo(current + BATCHES);
            }
            current++;
            batch = batch(current);
            isOwn = batch.state == State.WAITING;
            if (isOwn) {
                batch.state = State.BEING_READ;
            }
            callHelper();
            if (!isOwn) {
                isOwn = awaitRead(batch) == State.LEFT_TO_THE_QUERY;
            }
        }
        batch.take(isOwn);
    }

    private synchronized State awaitRead(Batch batch) {
        try {
            while (batch.state == State.BEING_READ) {
                wait();
            }
            return batch.state;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PromQlException(PromQlException.Kind.CANCELED, "query was canceled in expression evaluation");
        }
    }

    private void callHelper() {
        if (!isReading && firstWaiting() != null) {
            isReading = true;
            ForkJoinPool.commonPool().execute(this::readAhead);
        }
    }

    private void readAhead() {
        while (true) {
            Batch batch;
            synchronized (this) {
                batch = firstWaiting();
                if (batch == null) {
                    isReading = false;
                    return;
                }
                batch.state = State.BEING_READ;
            }
            State state = batch.readAhead();
            synchronized (this) {
                batch.state = state;
                notifyAll();
            }
        }
    }

    private @Nullable Batch firstWaiting() {
        for (int i = current + 1; i < Math.min(current + BATCHES, batchCount); i++) {
            if (batch(i).state == State.WAITING) {
                return batch(i);
            }
        }
        return null;
    }

    private Batch batch(int index) {
        return ring.get(index % BATCHES);
    }

    /** Some series after one another. */
    private final class Batch {
        private final List<SampleColumns> columns = new ArrayList<>();
        private int index;
        private State state = State.WAITING;
        private boolean isCounted;
        private long uncounted;
        private @Nullable RuntimeException failure;

        Batch(int index) {
            this.index = index;
        }

        void moveTo(int newIndex) {
            index = newIndex;
            state = State.WAITING;
        }

        /** On the query's thread. */
        void take(boolean reads) {
            long grown = uncounted;
            uncounted = 0;
            context.hold(grown);
            if (reads) {
                isCounted = true;
                read();
                isCounted = false;
            } else if (failure != null) {
                throw failure;
            }
        }

        /** On another thread. */
        State readAhead() {
            try {
                read();
            } catch (TooMuchAheadException e) {
                return State.LEFT_TO_THE_QUERY;
            } catch (RuntimeException e) {
                failure = e;
            } catch (Error e) {
                failure = new IllegalStateException("reading ahead failed", e);
            }
            return State.READ;
        }

        private void read() {
            int from = index * batchSeries;
            int to = Math.min(from + batchSeries, series.size());
            for (int i = from; i < to; i++) {
                if (columns.size() == i - from) {
                    columns.add(new SampleColumns(this::grow));
                }
                SampleColumns into = columns.get(i - from);
                into.clear();
                series.get(i).read(span.minMs(), span.maxMs(), into);
            }
        }

        private void grow(long samples) {
            if (isCounted) {
                context.hold(samples);
                return;
            }
            if (uncounted + samples > MAX_SAMPLES_AHEAD) {
                throw new TooMuchAheadException();
            }
            uncounted += samples;
        }
    }

    /** Ends the reading of a batch on another thread. */
    private static final class TooMuchAheadException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
