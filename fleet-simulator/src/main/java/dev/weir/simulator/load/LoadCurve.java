package dev.weir.simulator.load;

/**
 * The arrivals of one stream: {@code rate(t) = base (1 + amplitude sin(2 pi t / period + phase))} requests per second, spaced
 * evenly in its integral, so that any ten seconds hold their share to within one request. Times are micros since the fleet
 * started. Immutable.
 */
public final class LoadCurve {
    private static final double PERIOD_SECONDS = 1800;
    private static final double AMPLITUDE = 0.15;
    private static final double OMEGA = 2 * Math.PI / PERIOD_SECONDS;

    private final double base;
    private final double phase;
    private final double shift;

    /**
     * A stream of {@code base} requests per second on average. {@code waveSeed} chooses where in its wave it starts, {@code
     * seed} where between two requests.
     */
    public LoadCurve(double base, long waveSeed, long seed) {
        if (!(base > 0)) {
            throw new IllegalArgumentException("requests per second: " + base + " (expected: > 0)");
        }
        this.base = base;
        this.phase = 2 * Math.PI * Draws.unit(waveSeed, 1);
        this.shift = Draws.unit(seed, 2);
    }

    /** Requests per second at a time. */
    public double rate(long micros) {
        return rate(micros / 1e6);
    }

    /** The number of the first arrival at or after a time. */
    public long firstAtOrAfter(long micros) {
        long index = Math.max(0, (long) Math.floor(integral(micros / 1e6) - shift) - 1);
        while (arrivalMicros(index) < micros) {
            index++;
        }
        return index;
    }

    /** When arrival {@code index} (from 0) comes. */
    public long arrivalMicros(long index) {
        double wanted = index + shift;
        double seconds = wanted / base;
        for (int i = 0; i < 8; i++) {
            double step = (integral(seconds) - wanted) / rate(seconds);
            seconds -= step;
            if (Math.abs(step) < 1e-9) {
                break;
            }
        }
        return Math.max(0, Math.round(seconds * 1e6));
    }

    private double rate(double seconds) {
        return base * (1 + AMPLITUDE * StrictMath.sin(OMEGA * seconds + phase));
    }

    private double integral(double seconds) {
        double wave = StrictMath.cos(phase) - StrictMath.cos(OMEGA * seconds + phase);
        return base * (seconds + AMPLITUDE / OMEGA * wave);
    }
}
