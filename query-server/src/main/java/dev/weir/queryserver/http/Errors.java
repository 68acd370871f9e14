package dev.weir.queryserver.http;

/** Answers to requests that get no data. */
final class Errors {
    private Errors() {}

    static Reply envelope(ApiException e) {
        return new Reply(
                e.type().httpStatus(),
                Reply.JSON,
                e.headers(),
                out -> new JsonWriter(out)
                        .beginObject()
                        .name("status")
                        .string("error")
                        .name("errorType")
                        .string(e.type().text())
                        .name("error")
                        .string(e.getMessage() == null ? "" : e.getMessage())
                        .endObject()
                        .flush());
    }

    static Reply notFound() {
        return Reply.text(404, "404 page not found\n");
    }

    static Reply methodNotAllowed(Route route) {
        return Reply.text(405, "Method Not Allowed\n")
                .withHeader(
                        "Allow",
                        String.join(", ", route.methods().stream().sorted().toList()));
    }
}
