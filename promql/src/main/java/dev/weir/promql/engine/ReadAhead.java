package dev.weir.promql.engine;

import dev.weir.promql.column.Column;
import dev.weir.promql.column.QueryContext;
import dev.weir.promql.function.FloatLoop;
import dev.weir.promql.storage.SampleColumns;
import dev.weir.promql.storage.StoredSeries;
import dev.weir.promql.value.PromQlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads series in batches, some of them on another thread while the query's own works on those before. The query's thread
 * reads what nobody has begun to read, so it never waits for a thread to come free, and for one batch only in the end. Series come in their order. Where
 * there is a loop over windows, whoever reads a series also computes their values.
 *
 * <p>At most {@link #BATCHES} are in memory. One that would take more than {@link #MAX_SAMPLES_AHEAD} is left to the query's
 * thread, which counts as it reads; what was read ahead is counted when it is taken.
 */
final class ReadAhead {
    private static final int BATCHES = 8;
    private static final int MAX_BATCH_SERIES = 16;
    private static final int MAX_SAMPLES_AHEAD = 1 << 16;

    /** Some microseconds, for which it does not pay to let a thread sleep. */
    private static final int SPINS = 500;

    private final List<StoredSeries> series;
    private final SeriesReader.TimeSpan span;
    private final QueryContext context;
    private final List<Batch> ring = new ArrayList<>(BATCHES);
    private int batchSeries;
    private int batchCount;
    private int steps;
    private @Nullable FloatLoop ownLoop;
    private @Nullable FloatLoop helpersLoop;
    /** The batch that the query is at. Guarded by this, as is what follows and the state of batches. */
    private int current = -1;

    private boolean isReading;
    private int given = -1;

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
        for (int i = 0; i < BATCHES; i++) {
            ring.add(new Batch(i));
        }
        sizeBatches(typicalSamples);
    }

    /** Lets loops compute the values of windows; before the first series. */
    void compute(Supplier<FloatLoop> loops, int stepCount) {
        ownLoop = loops.get();
        helpersLoop = loops.get();
        steps = stepCount;
        sizeBatches(stepCount);
    }

    private void sizeBatches(int samplesOfASeries) {
        batchSeries = Math.max(1, Math.min(MAX_BATCH_SERIES, MAX_SAMPLES_AHEAD / 4 / Math.max(1, samplesOfASeries)));
        batchCount = (series.size() + batchSeries - 1) / batchSeries;
    }

    /** Moves to the next series, of which there must be one. */
    void next() {
        if (++given % batchSeries == 0) {
            advance();
        }
    }

    /** The samples of the series, if its windows were not computed. */
    SampleColumns samples() {
        return item().samples();
    }

    /** How many samples the series has. */
    int sampleCount() {
        return item().sampleCount;
    }

    /** The values of the series' windows, to be taken once; null if they were not computed. */
    @Nullable
    Column computed() {
        Item item = item();
        Column column = item.isComputed ? item.column : null;
        if (column != null) {
            item.column = null;
        }
        return column;
    }

    private Item item() {
        return batch(current).items.get(given % batchSeries);
    }

    private void advance() {
        if (current >= 0) {
            batch(current).prepare(current + BATCHES);
        } else {
            for (int i = 0; i < BATCHES; i++) {
                batch(i).prepare(i);
            }
        }
        synchronized (this) {
            if (current >= 0) {
                batch(current).state = State.WAITING;
            }
            current++;
        }
        Batch batch = batch(current);
        batch.take(begin(batch));
    }

    /** Whether the query's thread is to read the batch itself. Reads later ones while another thread is at it. */
    private boolean begin(Batch batch) {
        while (true) {
            Batch other;
            synchronized (this) {
                if (batch.state == State.WAITING) {
                    batch.state = State.BEING_READ;
                    callHelper();
                    return true;
                }
                callHelper();
                if (batch.state != State.BEING_READ) {
                    return batch.state == State.LEFT_TO_THE_QUERY;
                }
                other = firstWaiting();
                if (other != null) {
                    other.state = State.BEING_READ;
                }
            }
            if (other == null) {
                awaitRead(batch);
            } else {
                other.state = other.readAhead(ownLoop);
            }
        }
    }

    private void awaitRead(Batch batch) {
        for (int i = 0; i < SPINS && batch.state == State.BEING_READ; i++) {
            Thread.onSpinWait();
        }
        try {
            synchronized (this) {
                while (batch.state == State.BEING_READ) {
                    wait();
                }
            }
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
            State state = batch.readAhead(helpersLoop);
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

    /** One series. */
    private static final class Item {
        private @Nullable SampleColumns samples;
        private int sampleCount;
        private @Nullable Column column;
        private boolean isComputed;

        SampleColumns samples() {
            return Objects.requireNonNull(samples);
        }
    }

    /** Some series after one another. */
    private final class Batch {
        private final List<Item> items = new ArrayList<>();
        /** Of a series whose samples nobody needs once they are computed with. */
        private SampleColumns scratch = new SampleColumns(this::grow);

        private int index;
        private volatile State state = State.WAITING;
        private boolean isCounted;
        private long uncounted;
        private @Nullable RuntimeException failure;

        Batch(int index) {
            this.index = index;
        }

        /** Makes room for other series. On the query's thread, while no other has the batch. */
        void prepare(int newIndex) {
            index = newIndex;
            for (int i = 0; i < sizeOf(newIndex); i++) {
                if (items.size() == i) {
                    items.add(new Item());
                }
                Item item = items.get(i);
                if (ownLoop == null && item.samples == null) {
                    item.samples = new SampleColumns(this::grow);
                } else if (ownLoop != null && item.column == null) {
                    item.column = context.newColumn(steps);
                }
            }
        }

        private int sizeOf(int batch) {
            return Math.min(batchSeries, series.size() - batch * batchSeries);
        }

        /** On the query's thread. */
        void take(boolean reads) {
            long grown = uncounted;
            uncounted = 0;
            context.hold(grown);
            if (reads) {
                isCounted = true;
                read(ownLoop);
                isCounted = false;
            } else if (failure != null) {
                throw failure;
            }
        }

        /** On any thread. */
        State readAhead(@Nullable FloatLoop loop) {
            try {
                read(loop);
            } catch (TooMuchAheadException e) {
                return State.LEFT_TO_THE_QUERY;
            } catch (RuntimeException e) {
                failure = e;
            } catch (Error e) {
                failure = new IllegalStateException("reading ahead failed", e);
            }
            return State.READ;
        }

        private void read(@Nullable FloatLoop loop) {
            for (int i = 0; i < sizeOf(index); i++) {
                Item item = items.get(i);
                SampleColumns into = loop == null ? item.samples() : scratch;
                into.clear();
                series.get(index * batchSeries + i).read(span.minMs(), span.maxMs(), into);
                item.sampleCount = into.size();
                item.isComputed = false;
                if (loop != null) {
                    compute(item, loop);
                }
            }
        }

        private void compute(Item item, FloatLoop loop) {
            scratch.removeStaleMarkers();
            Column column = item.column;
            if (column != null && !scratch.hasHistograms()) {
                loop.apply(scratch.timestampsMs(), scratch.values(), scratch.size(), column);
                item.isComputed = true;
            } else {
                SampleColumns used = item.samples;
                item.samples = scratch;
                scratch = used == null ? new SampleColumns(this::grow) : used;
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
