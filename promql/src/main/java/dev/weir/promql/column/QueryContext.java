package dev.weir.promql.column;

import dev.weir.promql.ast.Span;
import dev.weir.promql.value.PromQlException;
import dev.weir.promql.value.QueryStatistics;
import dev.weir.series.Labels;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * One query on its way: its limits, which loops check as they go, its annotations and its free columns. For one thread.
 */
public final class QueryContext {
    /** Metric name, type and unit, which say what a series is; what is computed from it is something else. */
    private static final List<String> IDENTITY_LABELS = List.of(Labels.METRIC_NAME, "__type__", "__unit__");

    private static final int WORK_BETWEEN_CHECKS = 100_000;
    private static final int MAX_FREE_COLUMNS = 64;
    private static final int MAX_FREE_COLUMN_SIZE = 1 << 14;

    /** What a note takes beside its text, and how many characters take as much as a sample. */
    private static final int NOTE_SAMPLES = 8;

    private static final int CHARACTERS_OF_A_SAMPLE = 8;

    private final Limits limits;
    private final Annotations annotations;
    private final Deque<Column> freeColumns = new ArrayDeque<>();
    private long heldSamples;
    private long peakSamples;
    private long seriesRead;
    private long samplesRead;
    private long workUntilCheck = WORK_BETWEEN_CHECKS;

    /**
     * What one query may use.
     *
     * @param maxSamples samples held in memory at once
     * @param deadlineNanos as {@link System#nanoTime}
     * @param timeoutText the time allowed, for messages
     * @param isCanceled asked now and then
     * @param delaysNameRemoval whether names are dropped in the end only
     */
    public record Limits(
            long maxSamples,
            long deadlineNanos,
            String timeoutText,
            BooleanSupplier isCanceled,
            boolean delaysNameRemoval) {}

    public QueryContext(Limits limits, Annotations annotations) {
        this.limits = limits;
        this.annotations = annotations;
    }

    /** Counts work in units of about a nanosecond to a few, and ends the query if its time is over. */
    public void work(long units) {
        workUntilCheck -= units + 1;
        if (workUntilCheck < 0) {
            workUntilCheck = WORK_BETWEEN_CHECKS;
            checkTime();
        }
    }

    /** @throws PromQlException if the query was canceled or its time is over */
    public void checkTime() {
        if (limits.isCanceled.getAsBoolean()) {
            throw new PromQlException(PromQlException.Kind.CANCELED, "query was canceled in expression evaluation");
        }
        if (System.nanoTime() - limits.deadlineNanos > 0) {
            throw new PromQlException(
                    PromQlException.Kind.TIMEOUT,
                    "query timed out in expression evaluation (expected: at most " + limits.timeoutText + ")");
        }
    }

    /**
     * Counts what stays in memory, in samples of 16 bytes, before it is allocated where it is large.
     *
     * @throws PromQlException if there is more than allowed
     */
    public void hold(long samples) {
        heldSamples += samples;
        peakSamples = Math.max(peakSamples, heldSamples);
        if (heldSamples > limits.maxSamples) {
            throw PromQlException.execution(
                    "query processing would load too many samples into memory in query execution (expected: at most "
                            + limits.maxSamples + ")");
        }
    }

    public void release(long samples) {
        heldSamples -= samples;
    }

    /** Counts a series that stays in memory. @throws PromQlException if there is more than allowed */
    public void hold(StepSeries series) {
        hold(series.sizeInSamples());
    }

    public void release(StepSeries series) {
        release(series.sizeInSamples());
    }

    /** Counts one series as read from the store. */
    public void countRead(int samples) {
        seriesRead++;
        samplesRead += samples;
        work(samples);
    }

    /** A column with nothing in it, perhaps a used one. */
    public Column newColumn(int size) {
        Column free = freeColumns.poll();
        if (free == null || free.size() != size) {
            return new Column(size);
        }
        free.clear();
        return free;
    }

    /** Gives a column back that nobody looks at any more. */
    public void recycle(Column column) {
        if (freeColumns.size() < MAX_FREE_COLUMNS && column.size() <= MAX_FREE_COLUMN_SIZE) {
            freeColumns.push(column);
        }
    }

    /** How many samples the query may hold at once. */
    public long maxSamples() {
        return limits.maxSamples;
    }

    public boolean delaysNameRemoval() {
        return limits.delaysNameRemoval;
    }

    /** The series with its name dropped, or marked to lose it in the end. */
    public StepSeries withoutName(Labels labels, Column column) {
        return limits.delaysNameRemoval
                ? new StepSeries(labels, true, column)
                : new StepSeries(withoutIdentity(labels), false, column);
    }

    /** The series with other values, its name dropped or marked to be. */
    public StepSeries withoutName(StepSeries series, Column column) {
        return withoutName(series.labels(), column);
    }

    /** The labels less name, type and unit. */
    public static Labels withoutIdentity(Labels labels) {
        return labels.without(IDENTITY_LABELS);
    }

    public void warn(Span span, String text) {
        annotate(new Annotations.Note(true, span, text));
    }

    public void inform(Span span, String text) {
        annotate(new Annotations.Note(false, span, text));
    }

    public void annotate(Annotations.Note note) {
        if (annotations.add(note)) {
            hold(NOTE_SAMPLES + note.text().length() / CHARACTERS_OF_A_SAMPLE);
        }
    }

    public Annotations annotations() {
        return annotations;
    }

    public QueryStatistics statistics() {
        return new QueryStatistics(seriesRead, samplesRead, peakSamples);
    }
}
