package dev.weir.queryserver.api;

import dev.weir.promql.ast.Printer;
import dev.weir.promql.parser.Parser;
import dev.weir.promql.parser.PromQlParseException;
import dev.weir.promql.value.Value;
import dev.weir.queryserver.http.Answer;
import dev.weir.queryserver.http.ApiException;
import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.ErrorType;
import dev.weir.queryserver.http.JsonWriter;
import dev.weir.queryserver.http.Params;
import dev.weir.queryserver.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The endpoints that evaluate PromQL. */
final class QueryEndpoints {
    private final QueryRunner runner;
    private final InstantSource clock;

    QueryEndpoints(QueryRunner runner, InstantSource clock) {
        this.runner = runner;
        this.clock = clock;
    }

    Reply instant(Call call) throws ApiException {
        Params params = call.params();
        int limit = QueryParams.limit(params, "limit");
        long timeMs = QueryParams.time(params, "time", clock.millis());
        return answer(runner.instant(params.get("query"), timeMs, settings(call)), limit, params);
    }

    Reply range(Call call) throws ApiException {
        Params params = call.params();
        int limit = QueryParams.limit(params, "limit");
        QueryRunner.Steps steps = steps(params, runner.limits(call.scope()).maxPoints());
        return answer(runner.range(params.get("query"), steps, settings(call)), limit, params);
    }

    /** A range query if any of its times is given, else an instant query. */
    Reply instantOrRange(Call call) throws ApiException {
        Params params = call.params();
        boolean isRange = !(params.get("start") + params.get("end") + params.get("step")).isEmpty();
        return isRange ? range(call) : instant(call);
    }

    Reply format(Call call) throws ApiException {
        try {
            String formatted = Printer.pretty(Parser.parse(call.params().get("query")));
            return Answer.success(json -> json.string(formatted));
        } catch (PromQlParseException e) {
            throw ApiException.badParameter("query", String.valueOf(e.getMessage()));
        }
    }

    private static QueryRunner.Steps steps(Params params, int maxPoints) throws ApiException {
        long startMs = QueryParams.time(params, "start");
        long endMs = QueryParams.time(params, "end");
        if (endMs < startMs) {
            throw ApiException.badParameter("end", "end timestamp must not be before start time");
        }
        Duration step = QueryParams.duration(params, "step");
        if (step.isNegative() || step.isZero()) {
            throw ApiException.badParameter(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        // The step may be less than the millisecond that it is rounded to.
        if (Math.floor((endMs - startMs) * 1e6 / step.toNanos()) > maxPoints) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    String.format(
                            Locale.ROOT,
                            "exceeded maximum resolution of %,d points per timeseries. Try decreasing the query"
                                    + " resolution (?step=XX) (expected: at most maxPoints = %d)",
                            maxPoints,
                            maxPoints));
        }
        return new QueryRunner.Steps(startMs, endMs, Math.max(1, step.toMillis()));
    }

    private static QueryRunner.Settings settings(Call call) throws ApiException {
        return new QueryRunner.Settings(
                call.scope(),
                QueryParams.timeout(call.params()),
                QueryParams.lookbackDelta(call.params()),
                call.isAbandoned());
    }

    private static Reply answer(QueryRunner.Outcome outcome, int limit, Params params) {
        Value value = outcome.result().value();
        List<String> warnings = new ArrayList<>(outcome.warnings());
        if (ValueJson.exceeds(value, limit)) {
            warnings.add(Answer.TRUNCATED);
        }
        boolean withStatistics = !params.get("stats").isEmpty();
        return Answer.success(
                json -> {
                    json.beginObject();
                    ValueJson.write(value, limit, json);
                    if (withStatistics) {
                        writeStatistics(json, outcome);
                    }
                    json.endObject();
                },
                warnings,
                outcome.infos());
    }

    /** In the shape that Prometheus gives them; what it times apart and this engine does not is 0. */
    private static void writeStatistics(JsonWriter json, QueryRunner.Outcome outcome) throws IOException {
        long queueNanos = outcome.timings().queueNanos();
        long evaluationNanos = outcome.timings().evaluationNanos();
        json.name("stats").beginObject().name("timings").beginObject();
        writeSeconds(json, "evalTotalTime", evaluationNanos);
        writeSeconds(json, "resultSortTime", 0);
        writeSeconds(json, "queryPreparationTime", 0);
        writeSeconds(json, "innerEvalTime", evaluationNanos);
        writeSeconds(json, "execQueueTime", queueNanos);
        writeSeconds(json, "execTotalTime", queueNanos + evaluationNanos);
        json.endObject().name("samples").beginObject();
        json.name("totalQueryableSamples")
                .raw(Long.toString(outcome.result().statistics().samplesRead()));
        json.name("peakSamples").raw(Long.toString(outcome.result().statistics().peakSamples()));
        json.endObject().endObject();
    }

    private static void writeSeconds(JsonWriter json, String name, long nanos) throws IOException {
        json.name(name).raw(FloatText.plain(nanos / 1e9));
    }
}
