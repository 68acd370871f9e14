package dev.weir.promql.aggregate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The k greatest or least of the values offered, as a binary heap with the worst on top. NaN is the worst value either
 * way. Of equal values those stay that stay in Prometheus, whose heap this is.
 */
final class BestValues {
    private final boolean isTop;
    private final int[] indexes;
    private final double[] values;
    private int size;

    BestValues(boolean isTop, int k) {
        this.isTop = isTop;
        this.indexes = new int[k];
        this.values = new double[k];
    }

    /** Takes the value if there is room, or if it is better than the worst. */
    void offer(int index, double value) {
        if (size < values.length) {
            indexes[size] = index;
            values[size] = value;
            siftUp(size++);
        } else if (isWorse(values[0], value) && !Double.isNaN(value)) {
            indexes[0] = index;
            values[0] = value;
            siftDown();
        }
    }

    /** The indexes of the values kept, the best first. */
    int[] indexes() {
        Comparator<Integer> worstFirst = (a, b) -> {
            boolean isBelow = isWorse(values[a], values[b]);
            return isBelow == isWorse(values[b], values[a]) ? 0 : isBelow ? -1 : 1;
        };
        return IntStream.range(0, size)
                .boxed()
                .sorted(worstFirst.reversed())
                .mapToInt(at -> indexes[at])
                .toArray();
    }

    private boolean isWorse(double value, double than) {
        return Double.isNaN(value) || (isTop ? value < than : value > than);
    }

    private void siftUp(int from) {
        int at = from;
        while (at > 0 && isWorse(values[at], values[(at - 1) / 2])) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void siftDown() {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && isWorse(values[child + 1], values[child])) {
                child++;
            }
            if (!isWorse(values[child], values[at])) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private void swap(int a, int b) {
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
        int index = indexes[a];
        indexes[a] = indexes[b];
        indexes[b] = index;
    }
}
