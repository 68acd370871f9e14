package dev.weir.queryserver.api;

import dev.weir.promql.parser.Parser;
import dev.weir.promql.parser.PromQlParseException;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Params;
import dev.weir.series.LabelMatcher;
import java.util.ArrayList;
import java.util.List;

/** The parameter {@code match[]}. */
final class Selectors {
    private static final int MAX_SELECTORS = 1_000;

    private Selectors() {}

    /** All of them, in their order. */
    static List<List<LabelMatcher>> of(Params params) throws ApiException {
        List<String> matches = params.all("match[]");
        if (matches.size() > MAX_SELECTORS) {
            throw ApiException.badParameter(
                    "match[]", matches.size() + " selectors (expected: at most maxSelectors = " + MAX_SELECTORS + ")");
        }
        List<List<LabelMatcher>> selectors = new ArrayList<>();
        for (String match : matches) {
            try {
                selectors.add(Parser.parseSelector(match));
            } catch (PromQlParseException e) {
                throw ApiException.badParameter("match[]", String.valueOf(e.getMessage()));
            }
        }
        return selectors;
    }
}
