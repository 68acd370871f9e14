package dev.weir.promql.parser;

import dev.weir.promql.ast.Span;

/** A query is no PromQL. The message says where, as {@code 1:4: parse error: ...}. */
public final class PromQlParseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PromQlParseException(String query, Span span, String problem) {
        super(span.position(query) + ": parse error: " + problem, null, false, false);
    }
}
