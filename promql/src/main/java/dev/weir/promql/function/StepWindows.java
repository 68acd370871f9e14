package dev.weir.promql.function;

/** The bounds of a range vector's windows: at each step the times in {@code (start, end]}, neither ever descending. */
public interface StepWindows {
    int count();

    /** Exclusive. */
    long startMs(int step);

    /** Inclusive. */
    long endMs(int step);

    /** The time of the evaluation itself. */
    long evaluationMs(int step);
}
