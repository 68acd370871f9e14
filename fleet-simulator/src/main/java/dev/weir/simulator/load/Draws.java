package dev.weir.simulator.load;

/**
 * Random-looking numbers as a function of (seed, dimension, index). They are stratified twice: any aligned 16 draws of a
 * dimension lie one in each sixteenth, and of any aligned 256 one lies in each 256th, in an order that the seed shuffles anew
 * for every block and dimension. So any run of draws has nearly the distribution's own mean and quantiles, and dimensions are
 * independent. Immutable.
 */
public final class Draws {
    private static final int STRATA = 16;

    private final long seed;
    private final long shift;

    /** The draws of one stream. */
    public Draws(long seed) {
        this.seed = seed;
        // Streams begin at different places in their blocks.
        this.shift = mix(seed, 99) & 0xFF;
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
        long place = index + shift;
        long block = place / STRATA;
        long stream = mix(seed, dimension);
        int coarse = shuffle((int) (place % STRATA), mix(stream, block));
        int fine = shuffle((int) (block % STRATA), mix(stream + 1 + coarse, block / STRATA));
        double within = unit(stream + 31, index);
        return (coarse + (fine + within) / STRATA) / STRATA;
    }

    /** Draw {@code index} of a dimension, log-normal with the given median and sigma, cut to [least, most]. */
    public long logNormal(int dimension, long index, double median, double sigma, long least, long most) {
        double value = median * StrictMath.exp(sigma * normal(uniform(dimension, index)));
        return Math.max(least, Math.min(most, Math.round(value)));
    }

    /** One of the permutations of 0 to 15, by a key. */
    private static int shuffle(int element, long key) {
        int value = (int) (element * (2 * (key & 7) + 1) + (key >>> 3)) & 15;
        value ^= value >>> 2;
        value = (int) (value * (2 * (key >>> 7 & 7) + 1) + (key >>> 10)) & 15;
        value ^= value >>> 1;
        return (int) (value ^ key >>> 14) & 15;
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
