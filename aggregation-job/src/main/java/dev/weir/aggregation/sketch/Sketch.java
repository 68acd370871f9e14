package dev.weir.aggregation.sketch;

import dev.weir.series.ExponentialBins;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts of observations in {@link ExponentialBins}, and their sum. Every observation is known to its bin, so a quantile is
 * within 1.1 % of the true one. Bins hold doubles: integers are exact to 2^53.
 *
 * <p>Observations up to {@link #zeroThreshold}, at first {@link #ZERO_THRESHOLD}, are counted as zero. Bins are kept by octave,
 * at most {@link #MAX_OCTAVES} of them. Where observations fall into more, the lowest octave joins the zero bucket, whose
 * threshold rises to its end: what is left keeps its exactness, and the lowest values are known to be below the threshold only.
 * The result depends on what was added, not on its order, so merging is associative and commutative (the sum up to rounding).
 * Not safe for use by several threads.
 */
public final class Sketch {
    /** Most powers of two with an observation between them and the next: 2,048 bins, from a nanosecond to 500 years. */
    public static final int MAX_OCTAVES = 64;

    /** Up to here Prometheus' clients count as zero: 2^-128. */
    public static final double ZERO_THRESHOLD = 0x1p-128;

    private static final int PER_OCTAVE = ExponentialBins.PER_OCTAVE;
    private static final int LOWEST_OCTAVE = -128;
    private static final double[][] NONE = {};

    /** Octave {@code firstOctave + i}, which holds the 32 bins up to {@code 2^(firstOctave + i + 1)}; null if empty. */
    private double[] @Nullable [] octaves = NONE;

    private int firstOctave;
    private int populated;
    /** All octaves below count as zero. */
    private int zeroOctave = LOWEST_OCTAVE;

    private double zeroThreshold = ZERO_THRESHOLD;
    private double zeroCount;
    private double count;
    private double sum;

    /**
     * Adds one observation.
     *
     * @throws IllegalArgumentException if it is negative or NaN; +Inf has a bin
     */
    public void add(double value) {
        if (value > zeroThreshold) {
            int index = ExponentialBins.index(value);
            double[] bins = bins((index - 1) >> ExponentialBins.SCHEMA);
            if (bins != null) {
                bins[(index - 1) & (PER_OCTAVE - 1)]++;
                count++;
            } else {
                addToBin(index, 1);
            }
        } else {
            addCount(value, 1);
        }
        sum += value;
    }

    /**
     * Adds observations of one value, but not to the sum.
     *
     * @throws IllegalArgumentException if the value is negative or NaN, or {@code times} negative or not finite
     */
    public void addCount(double value, double times) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException("observation: " + value + " (expected: >= 0)");
        }
        if (value <= zeroThreshold) {
            addZeros(times);
        } else {
            addToBin(ExponentialBins.index(value), times);
        }
    }

    /**
     * Adds observations to a bin, but not to the sum.
     *
     * @param index as {@link ExponentialBins} numbers bins
     * @throws IllegalArgumentException if the index is too large, or {@code times} negative or not finite
     */
    public void addToBin(int index, double times) {
        int octave = (index - 1) >> ExponentialBins.SCHEMA;
        if (!(times >= 0 && times < Double.POSITIVE_INFINITY) || index > ExponentialBins.INFINITE) {
            throw new IllegalArgumentException("observations: " + times + " in bin " + index
                    + " (expected: >= 0 in a bin up to " + ExponentialBins.INFINITE + ")");
        }
        double[] bins = bins(octave);
        if (bins == null) {
            if (times == 0) {
                return;
            }
            bins = index <= zeroOctave * PER_OCTAVE ? null : newOctave(octave);
            if (bins == null) {
                addZeros(times);
                return;
            }
        }
        bins[(index - 1) & (PER_OCTAVE - 1)] += times;
        count += times;
    }

    /** Adds to the sum of the observations. */
    public void addSum(double amount) {
        sum += amount;
    }

    /** Adds all that the other holds. */
    public void merge(Sketch other) {
        raiseZero(other.zeroOctave);
        addZeros(other.zeroCount);
        for (int i = other.octaves.length - 1; i >= 0; i--) {
            double[] bins = other.octaves[i];
            if (bins != null) {
                int first = (other.firstOctave + i) * PER_OCTAVE + 1;
                for (int k = 0; k < PER_OCTAVE; k++) {
                    if (bins[k] != 0) {
                        addToBin(first + k, bins[k]);
                    }
                }
            }
        }
        sum += other.sum;
    }

    /** All observations. */
    public double count() {
        return count;
    }

    public double sum() {
        return sum;
    }

    public double zeroCount() {
        return zeroCount;
    }

    /** The largest value that counts as zero; a bound of the bins. */
    public double zeroThreshold() {
        return zeroThreshold;
    }

    int zeroOctave() {
        return zeroOctave;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Told of bins in ascending order. */
    public interface BinVisitor {
        void bin(int index, double times);
    }

    /** Tells every bin that holds something, from the lowest; the zero bucket is none of them. */
    public void forEachBin(BinVisitor visitor) {
        for (int i = 0; i < octaves.length; i++) {
            double[] bins = octaves[i];
            if (bins != null) {
                int first = (firstOctave + i) * PER_OCTAVE + 1;
                for (int k = 0; k < PER_OCTAVE; k++) {
                    if (bins[k] != 0) {
                        visitor.bin(first + k, bins[k]);
                    }
                }
            }
        }
    }

    /** Its quantiles, each known to its bin. */
    public Quantiles quantiles() {
        return Quantiles.ofBins(this);
    }

    /** Writes the stored form, which begins with its version. */
    public void write(DataOutput out) throws IOException {
        SketchCodec.write(this, out);
    }

    public static Sketch read(DataInput in) throws IOException {
        return SketchCodec.read(in);
    }

    void addZeros(double times) {
        zeroCount += times;
        count += times;
    }

    /** Makes all octaves below this one part of the zero bucket. */
    void raiseZero(int octave) {
        if (octave <= zeroOctave) {
            return;
        }
        for (int i = 0; i < octaves.length && firstOctave + i < octave; i++) {
            double[] bins = octaves[i];
            if (bins != null) {
                zeroCount += Arrays.stream(bins).sum();
                octaves[i] = null;
                populated--;
            }
        }
        zeroOctave = octave;
        zeroThreshold = ExponentialBins.upper(octave * PER_OCTAVE);
    }

    private double @Nullable [] bins(int octave) {
        int offset = octave - firstOctave;
        return offset >= 0 && offset < octaves.length ? octaves[offset] : null;
    }

    /** The bins of an octave that had none; null if it counts as zero now. */
    private double @Nullable [] newOctave(int octave) {
        if (populated == MAX_OCTAVES) {
            int lowest = 0;
            while (octaves[lowest] == null) {
                lowest++;
            }
            raiseZero(Math.min(firstOctave + lowest, octave) + 1);
            if (octave < zeroOctave) {
                return null;
            }
        }
        int last = firstOctave + octaves.length - 1;
        if (octaves.length == 0) {
            firstOctave = octave;
            octaves = new double[1][];
        } else if (octave < firstOctave || octave > last) {
            int newFirst = Math.min(firstOctave, octave);
            double[][] grown = new double[Math.max(last, octave) - newFirst + 1][];
            System.arraycopy(octaves, 0, grown, firstOctave - newFirst, octaves.length);
            firstOctave = newFirst;
            octaves = grown;
        }
        double[] bins = new double[PER_OCTAVE];
        octaves[octave - firstOctave] = bins;
        populated++;
        return bins;
    }
}
