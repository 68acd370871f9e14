package dev.weir.queryserver.http;

import java.util.Map;

/** A request that is answered with an error in Prometheus' envelope. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    /** A message may quote what was sent, but not all of it. */
    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final ErrorType type;
    private final Map<String, String> headers;

    public ApiException(ErrorType type, String message) {
        this(type, message, Map.of());
    }

    private ApiException(ErrorType type, String message, Map<String, String> headers) {
        super(shortened(message), null, false, false);
        this.type = type;
        this.headers = headers;
    }

    /** A request that does not say who asks; the challenge says how it may. */
    public static ApiException unauthorized(String challenge, String message) {
        return new ApiException(ErrorType.UNAUTHORIZED, message, Map.of("WWW-Authenticate", challenge));
    }

    /** A request that may be answered better when it is sent again. */
    public static ApiException retryLater(ErrorType type, long afterSeconds, String message) {
        return new ApiException(type, message, Map.of("Retry-After", Long.toString(afterSeconds)));
    }

    /** A parameter that is missing or says nothing that can be understood. */
    public static ApiException badParameter(String name, String message) {
        return new ApiException(ErrorType.BAD_DATA, "invalid parameter \"" + name + "\": " + message);
    }

    public ErrorType type() {
        return type;
    }

    /** What the answer says beside the error. */
    Map<String, String> headers() {
        return headers;
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
}
