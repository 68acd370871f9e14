package dev.weir.queryserver.api;

import dev.weir.promql.parser.Parser;
import dev.weir.promql.parser.PromQlParseException;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.http.Route;
import java.util.List;
import java.util.Map;

/** What clients of Prometheus ask for and a server without rules, exemplars and targets has none of. */
final class AbsentEndpoints {
    private static final List<String> RULE_TYPES = List.of("", "alert", "record");

    private AbsentEndpoints() {}

    static void addTo(Map<String, Route> api) {
        api.put("query_exemplars", Route.query("query_exemplars", AbsentEndpoints::exemplars));
        api.put("rules", Route.get("rules", AbsentEndpoints::rules));
        api.put("alerts", Route.get("alerts", emptyLists("alerts")));
        api.put(
                "targets",
                Route.get(
                        "targets",
                        call -> Answer.success(json -> json.beginObject()
                                .name("activeTargets")
                                .raw("[]")
                                .name("droppedTargets")
                                .raw("[]")
                                .name("droppedTargetCounts")
                                .raw("{}")
                                .endObject())));
        api.put("targets/metadata", Route.get("targets_metadata", call -> Answer.success(json -> json.raw("[]"))));
        api.put("scrape_pools", Route.get("scrape_pools", emptyLists("scrapePools")));
        api.put("alertmanagers", Route.get("alertmanagers", emptyLists("activeAlertmanagers", "droppedAlertmanagers")));
        api.put("notifications", Route.get("notifications", call -> Answer.success(json -> json.raw("[]"))));
    }

    private static Reply exemplars(Call call) throws ApiException {
        long startMs = QueryParams.time(call.params(), "start", QueryParams.MIN_MILLIS);
        long endMs = QueryParams.time(call.params(), "end", QueryParams.MAX_MILLIS);
        if (endMs < startMs) {
            throw new ApiException(ErrorType.BAD_DATA, "end timestamp must not be before start timestamp");
        }
        try {
            Parser.parse(call.params().get("query"));
        } catch (PromQlParseException e) {
            throw new ApiException(ErrorType.BAD_DATA, String.valueOf(e.getMessage()));
        }
        return Answer.success(json -> json.raw("[]"));
    }

    private static Reply rules(Call call) throws ApiException {
        String type = call.params().get("type");
        if (!RULE_TYPES.contains(type)) {
            throw ApiException.badParameter("type", "not supported value \"" + type + "\"");
        }
        return Answer.success(
                json -> json.beginObject().name("groups").raw("[]").endObject());
    }

    private static Endpoint emptyLists(String... names) {
        return call -> Answer.success(json -> {
            json.beginObject();
            for (String name : names) {
                json.name(name).raw("[]");
            }
            json.endObject();
        });
    }
}
