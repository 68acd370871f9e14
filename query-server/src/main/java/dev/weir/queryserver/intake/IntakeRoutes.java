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
    private static final Route.BodyLimit PAGE_LIMIT = new Route.BodyLimit("maxPushedPageBytes", 16 << 20);
    private static final Route.BodyLimit REQUESTS_LIMIT = new Route.BodyLimit("maxPushedRequestsBytes", 8 << 20);

    private IntakeRoutes() {}

    /**
     * The routes by what follows {@code /api/v1/}.
     *
     * @param intake null answers every push with 404 and the reason
     */
    public static Map<String, Route> of(
            @Nullable Intake intake, ProjectLimits.Table ofProjects, InstantSource clock, ServerMetrics metrics) {
        Endpoint scrapes = IntakeRoutes::refuse;
        Endpoint requests = IntakeRoutes::refuse;
        if (intake != null) {
            Admission admission = new Admission(intake.writeTimeout(), ofProjects, metrics);
            scrapes = new ScrapeEndpoint(intake, admission, clock);
            requests = new RequestEndpoint(intake, admission);
        }
        return Map.of(
                "scrapes", Route.write("scrapes", PAGE_LIMIT, scrapes),
                "requests", Route.write("requests", REQUESTS_LIMIT, requests));
    }

    private static Reply refuse(Call call) throws ApiException {
        throw new ApiException(
                ErrorType.NOT_FOUND,
                "nothing is taken in here: no broker is configured (expected: kafka.bootstrap_servers, or ./weir up,"
                        + " which brings its own)");
    }
}
