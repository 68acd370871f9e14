package dev.weir.ingest.scrape;

import dev.weir.ingest.scrape.ScrapeFailure.Refusal;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects a body of at most {@code limitBytes}, each byte paid from the budget before it is kept, and copied, since a
 * target that sends single bytes would otherwise hold one network buffer for each.
 */
final class BodyReceiver implements HttpResponse.BodySubscriber<byte[]> {
    private static final int FIRST_BYTES = 8 << 10;

    private final long limitBytes;
    private final ByteBudget budget;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private byte[] received = new byte[FIRST_BYTES];
    private int size;
    private State state = State.RECEIVING;

    BodyReceiver(long limitBytes, ByteBudget budget) {
        this.limitBytes = limitBytes;
        this.budget = budget;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription newSubscription) {
        subscription = newSubscription;
        if (state == State.RECEIVING) {
            newSubscription.request(Long.MAX_VALUE);
        } else {
            newSubscription.cancel();
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (state != State.RECEIVING) {
                return;
            }
            int more = buffer.remaining();
            if (size + (long) more > limitBytes) {
                fail(new Refusal(tooLarge(limitBytes)));
            } else if (!budget.tryTake(more)) {
                fail(new Refusal("no memory left for bodies (limit: " + budget.limitBytes() + " bytes at once)"));
            } else {
                if (size + more > received.length) {
                    long doubled = Math.min(limitBytes, 2L * received.length);
                    received = Arrays.copyOf(received, (int) Math.max(doubled, size + (long) more));
                }
                buffer.get(received, size, more);
                size += more;
            }
        }
    }

    @Override
    public synchronized void onError(Throwable failure) {
        fail(failure);
    }

    @Override
    public synchronized void onComplete() {
        if (state == State.RECEIVING) {
            state = State.COMPLETE;
            body.complete(received.length == size ? received : Arrays.copyOf(received, size));
        }
    }

    /** Hands a complete body, and the duty to give its bytes back, to the caller; false if it was discarded before. */
    synchronized boolean claim() {
        boolean mine = state == State.COMPLETE;
        if (mine) {
            state = State.CLAIMED;
        }
        return mine;
    }

    /** Ends the reception and gives back what it took, unless the body was claimed before. */
    synchronized void discard(Throwable reason) {
        if (state == State.COMPLETE) {
            state = State.DISCARDED;
            budget.giveBack(size);
        } else {
            fail(reason);
        }
    }

    static String tooLarge(long limitBytes) {
        return "body too large (body_size_limit: " + limitBytes + " bytes, decompressed)";
    }

    private void fail(Throwable reason) {
        if (state != State.RECEIVING) {
            return;
        }
        state = State.DISCARDED;
        budget.giveBack(size);
        received = new byte[0];
        if (subscription != null) {
            subscription.cancel();
        }
        body.completeExceptionally(reason);
    }

    private enum State {
        RECEIVING,
        COMPLETE,
        CLAIMED,
        DISCARDED
    }
}
