package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Reply;
import dev.weir.schemas.InvalidEventException;
import dev.weir.schemas.RequestEvent;
import dev.weir.schemas.RequestEventCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Request events as JSON: all of a call are written, or the call is to be sent again, which counts none of them twice. */
final class RequestEndpoint implements Endpoint {
    private final Intake intake;
    private final Admission admission;

    RequestEndpoint(Intake intake, Admission admission) {
        this.intake = intake;
        this.admission = admission;
    }

    @Override
    public Reply serve(Call call) throws ApiException {
        return admission.admit(call, () -> {
            if (!call.header("Content-Encoding").isEmpty()) {
                throw new ApiException(
                        ErrorType.BAD_DATA,
                        "Content-Encoding: \"" + call.header("Content-Encoding") + "\" (expected: none)");
            }
            List<RequestEvent> events =
                    RequestEventJson.read(call.body(), intake.limits().maxEvents());
            Map<String, Long> byProject = new HashMap<>();
            for (int i = 0; i < events.size(); i++) {
                RequestEvent event = events.get(i);
                check(call, event, i + 1);
                byProject.merge(event.getProject(), 1L, Long::sum);
            }
            admission.charge(byProject);
            return write(events);
        });
    }

    /** Up to the first that fails at once: a sink without its broker takes its time to say so of each. */
    private List<CompletableFuture<?>> write(List<RequestEvent> events) {
        List<CompletableFuture<?>> writes = new ArrayList<>(events.size());
        for (RequestEvent event : events) {
            CompletableFuture<?> write = intake.sink().write(event);
            writes.add(write);
            if (write.isCompletedExceptionally()) {
                break;
            }
        }
        return writes;
    }

    private void check(Call call, RequestEvent event, int number) throws ApiException {
        event.setProject(EventProject.of(
                call.scope(), event.getProject(), "project of event " + number, intake.defaultProject()));
        try {
            RequestEventCheck.check(event);
        } catch (InvalidEventException e) {
            throw new ApiException(ErrorType.BAD_DATA, "event " + number + ": " + e.getMessage());
        }
    }
}
