package dev.weir.queryserver.intake;

import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.http.Route;
import dev.weir.queryserver.limit.ProjectLimits;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where events are pushed to. */
public final class IntakeRoutes {
    private IntakeRoutes() {}

    /**
     * The routes by what follows {@code /api/v1/}.
     *
     * @param intake null answers every push with 404 and the reason
     */
    public static Map<String, Route> of(
            @Nullable Intake intake, ProjectLimits.Table ofProjects, InstantSource clock, ServerMetrics metrics) {
        PushLimits limits = intake == null ? PushLimits.DEFAULT : intake.limits();
        Endpoint scrapes = IntakeRoutes::refuse;
        Endpoint requests = IntakeRoutes::refuse;
        if (intake != null) {
            Admission admission = new Admission(intake, ofProjects, metrics);
            scrapes = new ScrapeEndpoint(intake, admission, clock);
            requests = new RequestEndpoint(intake, admission);
        }
        return Map.of(
                "scrapes",
                Route.write("scrapes", new Route.BodyLimit("maxPushedPageBytes", limits.maxPushedPageBytes()), scrapes),
                "requests",
                Route.write(
                        "requests",
                        new Route.BodyLimit("maxPushedRequestsBytes", limits.maxPushedRequestsBytes()),
                        requests));
    }

    private static Reply refuse(Call call) throws ApiException {
        throw new ApiException(
                ErrorType.NOT_FOUND,
                "nothing is taken in here: no broker is configured (expected: kafka.bootstrap_servers, or ./weir up,"
                        + " which brings its own)");
    }
}
