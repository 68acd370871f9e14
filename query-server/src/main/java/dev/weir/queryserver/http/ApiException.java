package dev.weir.queryserver.http;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error in Prometheus' envelope. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    /** A message may quote what was sent, but not all of it. */
    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final ErrorType type;
    private final @Nullable String challenge;

    public ApiException(ErrorType type, String message) {
        this(type, message, null);
    }

    private ApiException(ErrorType type, String message, @Nullable String challenge) {
        super(shortened(message), null, false, false);
        this.type = type;
        this.challenge = challenge;
    }

    /** A request that does not say who asks; the challenge says how it may. */
    public static ApiException unauthorized(String challenge, String message) {
        return new ApiException(ErrorType.UNAUTHORIZED, message, challenge);
    }

    /** A parameter that is missing or says nothing that can be understood. */
    public static ApiException badParameter(String name, String message) {
        return new ApiException(ErrorType.BAD_DATA, "invalid parameter \"" + name + "\": " + message);
    }

    public ErrorType type() {
        return type;
    }

    /** What the header {@code WWW-Authenticate} says; null if there is none. */
    @Nullable
    String challenge() {
        return challenge;
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
}
