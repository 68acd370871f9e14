package dev.weir.queryserver.http;

import java.util.Set;

/**
 * What answers a path.
 *
 * @param name names the route in metrics
 * @param methods the methods it answers; others get 405
 * @param bodyLimit what may be sent to it
 */
public record Route(String name, Set<String> methods, BodyLimit bodyLimit, Endpoint endpoint) {
    /** How large a body may be, and the limit's name. */
    public record BodyLimit(String name, int bytes) {}

    static final Set<String> GET_AND_POST = Set.of("GET", "POST");
    static final Set<String> GET_ONLY = Set.of("GET");
    static final Set<String> POST_ONLY = Set.of("POST");

    /** The longest query fits, whatever its characters. */
    static final BodyLimit FORM_LIMIT = new BodyLimit("maxFormBytes", 2 << 20);

    public Route {
        methods = Set.copyOf(methods);
    }

    /** A query, whose parameters may come as a form. */
    public static Route query(String name, Endpoint endpoint) {
        return new Route(name, GET_AND_POST, FORM_LIMIT, endpoint);
    }

    public static Route get(String name, Endpoint endpoint) {
        return new Route(name, GET_ONLY, FORM_LIMIT, endpoint);
    }

    public static Route post(String name, BodyLimit bodyLimit, Endpoint endpoint) {
        return new Route(name, POST_ONLY, bodyLimit, endpoint);
    }
}
