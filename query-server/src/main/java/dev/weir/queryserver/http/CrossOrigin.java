package dev.weir.queryserver.http;

import com.google.re2j.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** Which other pages' scripts may read the answers: none, or those whose origin an expression matches as a whole. */
public final class CrossOrigin {
    public static final CrossOrigin OFF = new CrossOrigin(null);

    private final @Nullable Pattern origins;

    private CrossOrigin(@Nullable Pattern origins) {
        this.origins = origins;
    }

    /** @throws com.google.re2j.PatternSyntaxException if it is no RE2 expression */
    public static CrossOrigin of(String originExpression) {
        return new CrossOrigin(Pattern.compile(originExpression));
    }

    void addTo(HttpFields.Mutable answer, HttpFields request) {
        if (origins == null) {
            return;
        }
        answer.add(HttpHeader.VARY, "Origin");
        String origin = request.get(HttpHeader.ORIGIN);
        if (origin != null && origins.matches(origin)) {
            answer.put("Access-Control-Allow-Origin", origin);
            answer.put("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, Origin, " + Access.HEADER);
            answer.put("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
            answer.put("Access-Control-Expose-Headers", "Date");
        }
    }
}
