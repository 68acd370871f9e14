package dev.weir.promql.function;

/** A sum with Neumaier's compensation: accurate to about one unit in the last place of the largest partial sum. */
final class Kahan {
    private double sum;
    private double compensation;

    void reset() {
        sum = 0;
        compensation = 0;
    }

    void set(double newSum, double newCompensation) {
        sum = newSum;
        compensation = newCompensation;
    }

    void add(double value) {
        double total = sum + value;
        if (Double.isInfinite(total)) {
            compensation = 0;
        } else if (Math.abs(sum) >= Math.abs(value)) {
            compensation += (sum - total) + value;
        } else {
            compensation += (value - total) + sum;
        }
        sum = total;
    }

    double sum() {
        return sum;
    }

    double compensation() {
        return compensation;
    }

    /** The compensated sum. */
    double total() {
        return sum + compensation;
    }
}
