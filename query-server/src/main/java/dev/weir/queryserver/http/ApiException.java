package dev.weir.queryserver.http;

/** A request that is answered with an error in Prometheus' envelope. */
public final class ApiException extends Exception {
    private static final long serialVersionUID = 1;

    /** A message may quote what was sent, but not all of it. */
    private static final int MAX_MESSAGE_LENGTH = 4000;

    private final ErrorType type;

    public ApiException(ErrorType type, String message) {
        super(shortened(message), null, false, false);
        this.type = type;
    }

    /** A parameter that is missing or says nothing that can be understood. */
    public static ApiException badParameter(String name, String message) {
        return new ApiException(ErrorType.BAD_DATA, "invalid parameter \"" + name + "\": " + message);
    }

    public ErrorType type() {
        return type;
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE_LENGTH ? message : message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
}
