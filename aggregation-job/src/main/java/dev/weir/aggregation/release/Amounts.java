package dev.weir.aggregation.release;

/** Parts of amounts. */
final class Amounts {
    /** Above this a double does not hold every integer. */
    private static final double LARGEST_EXACT = 9.007199254740992E15;

    private Amounts() {}

    /** The part of {@code amount} that {@code share} of it is, an integer if the amount is one; all of it at 1. */
    static double part(double amount, double share) {
        if (share >= 1) {
            return amount;
        }
        double part = amount * share;
        return Math.abs(amount) < LARGEST_EXACT && amount == Math.rint(amount) ? Math.rint(part) : part;
    }
}
