package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Params;
import dev.weir.queryserver.http.Reply;
import dev.weir.schemas.InvalidEventException;
import dev.weir.schemas.ScrapeEvent;
import dev.weir.schemas.ScrapeEventCheck;
import dev.weir.schemas.ScrapeOutcome;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A {@code /metrics} page that its process, or somebody beside it, pushes; the target is told by the parameters. It counts as a
 * scrape at the time {@code at}, so that the same push sent again changes nothing.
 */
final class ScrapeEndpoint implements Endpoint {
    private static final String LABEL = "label.";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TEXT = "text/plain; version=0.0.4";
    private static final String PROJECT = "project_id";

    private final Intake intake;
    private final Admission admission;
    private final InstantSource clock;
    private final PushedPage pages;
    private final AtomicLong newestMs = new AtomicLong();

    ScrapeEndpoint(Intake intake, Admission admission, InstantSource clock) {
        this.intake = intake;
        this.admission = admission;
        this.clock = clock;
        this.pages = new PushedPage(intake.limits());
    }

    @Override
    public Reply serve(Call call) throws ApiException {
        return admission.admit(call, () -> {
            ScrapeEvent event = event(call);
            int samples = pages.samples(call.body(), event.getContentType(), event.getContentEncoding());
            admission.charge(Map.of(event.getProject(), (long) samples));
            return List.of(intake.sink().write(event));
        });
    }

    private ScrapeEvent event(Call call) throws ApiException {
        PushParams params = new PushParams(call.params(), clock.millis());
        PushParams.Target target = params.target();
        Map<String, String> labels = labels(call.params(), target);
        long atMs = params.atMs(newestMs.updateAndGet(newest -> Math.max(newest + 1, clock.millis())));
        ScrapeEvent event = ScrapeEvent.newBuilder()
                .setProject(EventProject.of(
                        call.scope(), labels.getOrDefault(PROJECT, ""), LABEL + PROJECT, intake.defaultProject()))
                .setJob(target.job())
                .setTargetUrl(target.url())
                .setLabels(labels)
                .setScraperId(params.scraper())
                .setRequestStartMs(atMs)
                .setRequestEndMs(atMs)
                .setIntervalMs(params.intervalMs())
                .setWatchedSinceMs(intake.watchedSinceMs())
                .setOutcome(ScrapeOutcome.BODY)
                .setContentType(contentType(call))
                .setContentEncoding(call.header("Content-Encoding").strip().toLowerCase(Locale.ROOT))
                .setBody(ByteBuffer.wrap(call.body()))
                .setLastWord(params.isFinal())
                .build();
        try {
            ScrapeEventCheck.check(event);
        } catch (InvalidEventException e) {
            throw new ApiException(ErrorType.BAD_DATA, String.valueOf(e.getMessage()));
        }
        return event;
    }

    private static Map<String, String> labels(Params params, PushParams.Target target) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("job", target.job());
        labels.put("instance", target.instance());
        for (String name : params.names()) {
            if (name.startsWith(LABEL)) {
                labels.put(name.substring(LABEL.length()), params.get(name));
            }
        }
        return labels;
    }

    /** What curl says of every body says nothing. */
    private static String contentType(Call call) {
        String type = call.header("Content-Type");
        return type.isEmpty() || type.toLowerCase(Locale.ROOT).startsWith(FORM) ? TEXT : type;
    }
}
