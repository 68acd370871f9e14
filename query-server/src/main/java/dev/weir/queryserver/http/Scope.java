package dev.weir.queryserver.http;

import org.jspecify.annotations.Nullable;

/**
 * Which projects a request may touch.
 *
 * @param project the one project; null if it may touch all
 */
public record Scope(@Nullable String project) {
    public static final Scope ALL = new Scope(null);
}
