package dev.weir.promql.column;

import dev.weir.promql.ast.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The warnings and infos of one query, each once, in the order in which they came up. */
public final class Annotations {
    private final String query;
    private final Set<String> warnings = new LinkedHashSet<>();
    private final Set<String> infos = new LinkedHashSet<>();

    public Annotations(String query) {
        this.query = query;
    }

    public void warn(Span span, String text) {
        warnings.add("PromQL warning: " + text + position(span));
    }

    public void inform(Span span, String text) {
        infos.add("PromQL info: " + text + position(span));
    }

    public List<String> warnings() {
        return new ArrayList<>(warnings);
    }

    public List<String> infos() {
        return new ArrayList<>(infos);
    }

    private String position(Span span) {
        return query.isEmpty() ? "" : " (" + span.position(query) + ")";
    }
}
