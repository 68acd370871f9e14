package dev.weir.queryserver.http;

/** Answers the requests of one route. Runs on a thread that may block. Thread-safe. */
@FunctionalInterface
public interface Endpoint {
    Reply serve(Call call) throws ApiException;
}
