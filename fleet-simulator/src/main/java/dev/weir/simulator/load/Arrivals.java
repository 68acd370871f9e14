package dev.weir.simulator.load;

/** Walks the arrivals of a curve from a time on. Not thread-safe. */
public final class Arrivals {
    private final LoadCurve curve;
    private long index;
    private long nextMicros;

    /** From the first arrival at or after {@code fromMicros}. */
    public Arrivals(LoadCurve curve, long fromMicros) {
        this.curve = curve;
        skipTo(fromMicros);
    }

    /** When the next request arrives. */
    public long nextMicros() {
        return nextMicros;
    }

    /** Takes the next request and returns its number. */
    public long take() {
        long taken = index++;
        nextMicros = curve.arrivalMicros(index);
        return taken;
    }

    /** Forgets what would have arrived before {@code micros}. */
    public void skipTo(long micros) {
        index = curve.firstAtOrAfter(micros);
        nextMicros = curve.arrivalMicros(index);
    }
}
