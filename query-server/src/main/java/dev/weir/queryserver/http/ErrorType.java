package dev.weir.queryserver.http;

/** The error types of Prometheus' HTTP API, and the statuses they come with. */
public enum ErrorType {
    BAD_DATA("bad_data", 400),
    TOO_LARGE("bad_data", 413),
    UNAUTHORIZED("unauthorized", 401),
    FORBIDDEN("forbidden", 403),
    NOT_FOUND("not_found", 404),
    NOT_ACCEPTABLE("not_acceptable", 406),
    EXECUTION("execution", 422),
    TOO_MANY("too_many_requests", 429),
    CANCELED("canceled", 499),
    TIMEOUT("timeout", 503),
    UNAVAILABLE("unavailable", 503),
    INTERNAL("internal", 500);

    private final String text;
    private final int httpStatus;

    ErrorType(String text, int httpStatus) {
        this.text = text;
        this.httpStatus = httpStatus;
    }

    /** As the field {@code errorType} says it. */
    public String text() {
        return text;
    }

    public int httpStatus() {
        return httpStatus;
    }
}
