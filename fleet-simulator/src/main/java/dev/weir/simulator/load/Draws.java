package dev.weir.simulator.load;

/**
 * Random-looking numbers as a function of (seed, dimension, index). Each dimension is an additive recurrence with an
 * irrational step, so that any run of draws has nearly the distribution's own mean and quantiles: sums over ten seconds move
 * by far less than independent draws would. Immutable.
 */
public final class Draws {
    private static final int[] PRIMES = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};

    private final double[] offsets = new double[PRIMES.length];
    private final double[] steps = new double[PRIMES.length];

    /** The draws of one stream. */
    public Draws(long seed) {
        for (int i = 0; i < PRIMES.length; i++) {
            offsets[i] = unit(seed, 100 + i);
            double root = StrictMath.sqrt(PRIMES[i]);
            steps[i] = root - Math.floor(root);
        }
    }

    /** A hash of {@code (seed, what)}, uniform in [0, 1). */
    public static double unit(long seed, long what) {
        return (mix(seed, what) >>> 11) * 0x1p-53;
    }

    /** A hash of {@code (seed, what)}. */
    public static long mix(long seed, long what) {
        long z = seed * 0x9E3779B97F4A7C15L + what * 0xD1B54A32D192ED03L + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Draw {@code index} of a dimension, in [0, 1). */
    public double uniform(int dimension, long index) {
        double sum = offsets[dimension] + index * steps[dimension];
        return sum - Math.floor(sum);
    }

    /** Draw {@code index} of a dimension, log-normal with the given median and sigma, cut to [least, most]. */
    public long logNormal(int dimension, long index, double median, double sigma, long least, long most) {
        double value = median * StrictMath.exp(sigma * normal(uniform(dimension, index)));
        return Math.max(least, Math.min(most, Math.round(value)));
    }

    /** The normal quantile to 4.5e-4 (Abramowitz and Stegun, formula 26.2.23). */
    static double normal(double probability) {
        double tail = Math.max(1e-12, Math.min(probability, 1 - probability));
        double t = StrictMath.sqrt(-2 * StrictMath.log(tail));
        double above = 2.515517 + t * (0.802853 + t * 0.010328);
        double below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
        double quantile = t - above / below;
        return probability < 0.5 ? -quantile : quantile;
    }
}
