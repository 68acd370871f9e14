package dev.weir.promql.value;

import java.util.ArrayList;
import java.util.List;

/**
 * A query's value with what the engine noticed on the way. Warnings and infos end with where in the query they come
 * from, as {@code (1:5)}.
 */
public record QueryResult(Value value, List<String> warnings, List<String> infos, QueryStatistics statistics) {
    public QueryResult {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }

    /** At most {@code limit} warnings, and one line that says how many more there are. */
    public List<String> warnings(int limit) {
        return limited(warnings, limit, "warning");
    }

    /** At most {@code limit} infos, and one line that says how many more there are. */
    public List<String> infos(int limit) {
        return limited(infos, limit, "info");
    }

    private static List<String> limited(List<String> all, int limit, String kind) {
        if (all.size() <= limit) {
            return all;
        }
        List<String> shown = new ArrayList<>(all.subList(0, limit));
        shown.add((all.size() - limit) + " more " + kind + " annotations omitted");
        return shown;
    }
}
