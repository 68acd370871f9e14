package dev.weir.aggregation.request;

import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestStatus;
import dev.weir.schemas.Vantage;

/** Events to begin with. */
final class Requests {
    private Requests() {}

    /** A good request of 2 s, of which nothing else is told. */
    static RequestEvent.Builder plain(String id) {
        return RequestEvent.newBuilder()
                .setRequestId(id)
                .setProject("p")
                .setModel("m")
                .setVantage(Vantage.GATEWAY)
                .setStatus(RequestStatus.OK)
                .setStartMs(10_000)
                .setEndMs(12_000);
    }

    static RequestReport report(RequestEvent.Builder event, long appendMs) {
        try {
            return new RequestReader().read(event.build(), appendMs);
        } catch (RejectedRequestException e) {
            throw new AssertionError("a good event", e);
        }
    }
}
