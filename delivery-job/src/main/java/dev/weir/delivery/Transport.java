package dev.weir.delivery;

import java.io.IOException;

/** Carries one request to the receiver and its answer back. */
interface Transport extends AutoCloseable {
    /**
     * The receiver's answer to one snappy-compressed write request.
     *
     * @throws IOException if there was no answer: refused, broken off or timed out; the receiver may have the data
     * @throws InterruptedException if the job is being cancelled; returns promptly then
     */
    Answer post(byte[] snappyBlock) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
