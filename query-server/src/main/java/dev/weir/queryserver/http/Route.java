package dev.weir.queryserver.http;

import java.util.Set;

/**
 * What answers a path.
 *
 * @param name names the route in metrics
 * @param need what whoever asks must be allowed to do
 * @param methods the methods it answers; others get 405
 * @param bodyLimit what may be sent to it
 */
public record Route(String name, Need need, Set<String> methods, BodyLimit bodyLimit, Endpoint endpoint) {
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
        return new Route(name, Need.READ, GET_AND_POST, FORM_LIMIT, endpoint);
    }

    public static Route get(String name, Endpoint endpoint) {
        return new Route(name, Need.READ, GET_ONLY, FORM_LIMIT, endpoint);
    }

    /** Takes samples in. */
    public static Route write(String name, BodyLimit bodyLimit, Endpoint endpoint) {
        return new Route(name, Need.WRITE, POST_ONLY, bodyLimit, endpoint);
    }

    /** Shows what only administrators may see. */
    public static Route adminGet(String name, Endpoint endpoint) {
        return new Route(name, Need.ADMIN, GET_ONLY, FORM_LIMIT, endpoint);
    }

    /** Changes, by a form, what only administrators may change. */
    public static Route adminForm(String name, Endpoint endpoint) {
        return new Route(name, Need.ADMIN, POST_ONLY, FORM_LIMIT, endpoint);
    }
}
