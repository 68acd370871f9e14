package dev.weir.scaling;

/**
 * What one evaluation of a rule came to.
 *
 * @param workers how many there should be from now on
 * @param reason why, in words for a log
 */
record Decision(Kind kind, int workers, String reason) {
    enum Kind {
        UP,
        DOWN,
        KEEP,
        /** Something is not known, so everything stays as it is. */
        UNKNOWN;

        boolean changes() {
            return this == UP || this == DOWN;
        }
    }
}
