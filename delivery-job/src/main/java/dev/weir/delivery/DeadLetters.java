package dev.weir.delivery;

import dev.weir.schemas.DeadLetter;
import java.io.IOException;

/** Takes what no receiver will have. */
interface DeadLetters extends AutoCloseable {
    /**
     * Stores the letter durably before it returns.
     *
     * @throws IOException if it could not be stored
     */
    void add(DeadLetter letter) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
