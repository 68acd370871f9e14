package dev.weir.queryserver.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request through router, access, body and endpoint. A body is collected without a thread waiting for it, and only
 * up to its route's limit.
 */
public final class ApiHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);
    /** The share of the heap that the bodies of requests may take together. */
    private static final int BODY_SHARE_OF_HEAP = 8;

    private static final String FORM = "application/x-www-form-urlencoded";

    private final Router router;
    private final Access access;
    private final CrossOrigin crossOrigin;
    private final RequestObserver observer;
    private final BodyMemory bodyMemory;

    public ApiHandler(Router router, Access access, CrossOrigin crossOrigin, RequestObserver observer) {
        this(
                router,
                access,
                crossOrigin,
                observer,
                new BodyMemory(Runtime.getRuntime().maxMemory() / BODY_SHARE_OF_HEAP));
    }

    ApiHandler(Router router, Access access, CrossOrigin crossOrigin, RequestObserver observer, BodyMemory bodyMemory) {
        this.bodyMemory = bodyMemory;
        this.router = router;
        this.access = access;
        this.crossOrigin = crossOrigin;
        this.observer = observer;
    }

    /** Told of every request that has been answered. */
    @FunctionalInterface
    public interface RequestObserver {
        /** @param route the route's name; "none" if there is none */
        void answered(String route, int status, long nanos);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback, crossOrigin, observer);
        WatchedConnector.reached(request, Phase.BODY);
        try {
            Router.Match match =
                    router.find(Objects.requireNonNullElse(request.getHttpURI().getPath(), "/"));
            if (match == null) {
                exchange.send(Errors.notFound());
                return true;
            }
            Route route = match.route();
            exchange.routeIs(route.name());
            if (request.getMethod().equals("OPTIONS")) {
                exchange.send(Reply.empty(204).withHeader("Allow", "GET, OPTIONS, POST"));
            } else if (!route.methods().contains(request.getMethod())) {
                exchange.send(Errors.methodNotAllowed(route));
            } else {
                collectBody(exchange, match, access.scope(route.need(), match.project(), request.getHeaders()));
            }
        } catch (ApiException e) {
            exchange.send(withoutBody(e));
        }
        return true;
    }

    private void collectBody(Exchange exchange, Router.Match match, Scope scope) {
        Request request = exchange.request();
        if (!request.getMethod().equals("POST")) {
            serve(exchange, match, scope, new byte[0]);
            return;
        }
        Route.BodyLimit limit = match.route().bodyLimit();
        new BodyCollector(request, limit, bodyMemory, new BodyCollector.Listener() {
                    @Override
                    public void complete(byte[] body) {
                        onOwnThread(exchange, body.length, () -> serve(exchange, match, scope, body));
                    }

                    @Override
                    public void tooLong() {
                        exchange.send(withoutBody(tooLarge(limit)));
                    }

                    @Override
                    public void noRoom() {
                        exchange.send(ApiHandler.this.noRoom());
                    }

                    @Override
                    public void failed(Throwable failure) {
                        exchange.fail(failure);
                    }
                })
                .run();
    }

    /** A body that nobody reads stands between this answer and the next request, so the connection ends. */
    private static Reply withoutBody(ApiException e) {
        return Errors.envelope(e).withHeader("Connection", "close");
    }

    private static ApiException tooLarge(Route.BodyLimit limit) {
        return new ApiException(
                ErrorType.TOO_LARGE,
                "request body too large (expected: at most " + limit.name() + " = " + limit.bytes() + ")");
    }

    private Reply noRoom() {
        return Reply.text(
                        503,
                        "the bodies of all requests together take too much (expected: at most " + BodyMemory.LIMIT
                                + " = " + bodyMemory.maxBytes() + "), send it again\n")
                .withHeader("Retry-After", "1")
                .withHeader("Connection", "close");
    }

    private void onOwnThread(Exchange exchange, int bodyBytes, Runnable task) {
        try {
            exchange.request().getComponents().getExecutor().execute(() -> {
                try {
                    task.run();
                } finally {
                    bodyMemory.giveBack(bodyBytes);
                }
            });
        } catch (RejectedExecutionException e) {
            bodyMemory.giveBack(bodyBytes);
            exchange.fail(e);
        }
    }

    private static void serve(Exchange exchange, Router.Match match, Scope scope, byte[] body) {
        Request request = exchange.request();
        WatchedConnector.reached(request, Phase.SERVED);
        try {
            String query = Objects.requireNonNullElse(request.getHttpURI().getQuery(), "");
            // Curl calls whatever it sends a form.
            boolean isForm = match.route().need() != Need.WRITE && isForm(request);
            Params params =
                    isForm ? Params.parse(new String(body, StandardCharsets.UTF_8), query) : Params.parse(query);
            Call call = new Call(
                    scope,
                    match.segment(),
                    params,
                    request.getHeaders(),
                    isForm ? new byte[0] : body,
                    () -> WatchedConnector.isClientGone(request));
            exchange.send(match.route().endpoint().serve(call));
        } catch (ApiException e) {
            exchange.send(Errors.envelope(e));
        } catch (RuntimeException | Error e) {
            LOG.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
            exchange.send(Errors.envelope(new ApiException(ErrorType.INTERNAL, "internal error: " + e)));
        }
    }

    private static boolean isForm(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase(FORM);
    }
}
