package dev.weir.queryserver.http;

import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpFields;

/**
 * One request on its way to its endpoint.
 *
 * @param segment what the route's path leaves open, such as a label's name; "" if it leaves nothing open
 * @param body the request's body, empty if it was a form
 * @param isAbandoned whether the client went away; cheap enough for a loop
 */
@SuppressWarnings("ArrayRecordComponent")
public record Call(
        Scope scope, String segment, Params params, HttpFields headers, byte[] body, BooleanSupplier isAbandoned) {
    /** The header's value, or "" if there is none. */
    public String header(String name) {
        String value = headers.get(name);
        return value == null ? "" : value;
    }
}
