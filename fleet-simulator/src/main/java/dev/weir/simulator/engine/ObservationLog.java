package dev.weir.simulator.engine;

import java.util.Arrays;

/** The last observations of one quantity, in order of time. Bounded by age and number; the oldest go first. */
public final class ObservationLog {
    /** The most observations one log holds, whatever their age. */
    static final int MAX_OBSERVATIONS = 1 << 20;

    private final long retainMicros;
    private long[] times = new long[16];
    private long[] values = new long[16];
    private int head;
    private int tail;
    private long completeSince = Long.MIN_VALUE;

    ObservationLog(long retainMicros) {
        this.retainMicros = retainMicros;
    }

    /** Notes a value at a time, which is at or after the last one's. */
    void add(long micros, long value) {
        if (retainMicros <= 0) {
            completeSince = micros;
            return;
        }
        while (head < tail && (times[head] <= micros - retainMicros || tail - head >= MAX_OBSERVATIONS)) {
            completeSince = times[head++];
        }
        if (tail == times.length) {
            makeRoom();
        }
        times[tail] = micros;
        values[tail++] = value;
    }

    /** The sum of the values in (from, to]. */
    public long sum(long fromMicros, long toMicros) {
        long sum = 0;
        for (int i = first(fromMicros); i < tail && times[i] <= toMicros; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** The values in (from, to]. */
    public long[] values(long fromMicros, long toMicros) {
        int from = first(fromMicros);
        return Arrays.copyOfRange(values, from, Math.max(from, first(toMicros)));
    }

    /** Everything after this time is here; older observations are gone. */
    public long completeSinceMicros() {
        return completeSince;
    }

    private int first(long afterMicros) {
        int low = head;
        int high = tail;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] <= afterMicros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void makeRoom() {
        int kept = tail - head;
        int capacity = kept * 2 > times.length ? times.length * 2 : times.length;
        long[] movedTimes = new long[capacity];
        long[] movedValues = new long[capacity];
        System.arraycopy(times, head, movedTimes, 0, kept);
        System.arraycopy(values, head, movedValues, 0, kept);
        times = movedTimes;
        values = movedValues;
        head = 0;
        tail = kept;
    }
}
