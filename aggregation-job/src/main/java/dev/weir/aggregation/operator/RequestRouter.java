package dev.weir.aggregation.operator;

import dev.weir.aggregation.request.RejectedRequestException;
import dev.weir.aggregation.request.RequestReader;
import dev.weir.aggregation.request.RequestReport;
import dev.weir.schemas.EventCodec;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.UndecodableRecordException;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.jspecify.annotations.Nullable;

/** Reads request events; what cannot be true is not read, and the dead letter names the field at fault. */
public final class RequestRouter extends TopicRouter<RequestReport> {
    private static final long serialVersionUID = 1;

    private transient @Nullable Reading reading;

    private record Reading(EventCodec<RequestEvent> requests, RequestReader reader) {}

    @Override
    public void open(OpenContext context) {
        super.open(context);
        reading = new Reading(new EventCodec<>(RequestEvent.class), new RequestReader());
    }

    @Override
    RequestReport read(InboundRecord record) throws UndecodableRecordException, RejectedRequestException {
        Reading known = Objects.requireNonNull(reading, "not open");
        return known.reader.read(known.requests.decode(record.value()), record.appendMs());
    }
}
