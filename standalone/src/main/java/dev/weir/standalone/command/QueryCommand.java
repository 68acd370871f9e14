package dev.weir.standalone.command;

import dev.weir.configuration.Secret;
import dev.weir.standalone.terminal.Answer;
import dev.weir.standalone.terminal.Chart;
import dev.weir.standalone.terminal.ResultTable;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description = "Asks a PromQL query: prints a table, or with --range a chart.")
final class QueryCommand implements Callable<Integer> {
    /** The query server's own limit on points of one series. */
    private static final long MAX_POINTS = 11_000;

    /** Wide enough to read, narrow enough for any terminal. */
    private static final int CHART_COLUMNS = 72;

    private static final int CHART_ROWS = 14;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "EXPR", description = "PromQL expression.")
    @SuppressWarnings("NullAway.Init")
    private String expression;

    @Option(
            names = "--url",
            defaultValue = "http://127.0.0.1:9095",
            converter = ServerUrlOption.class,
            paramLabel = "URL",
            description = "Any Prometheus-compatible server (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private URI url;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "Evaluation time or end of the range: RFC 3339 or Unix.")
    private @Nullable String time;

    @Option(
            names = "--range",
            converter = DurationOption.class,
            paramLabel = "DURATION",
            description = "How far back, such as 1h.")
    private @Nullable Duration range;

    @Option(
            names = "--step",
            converter = DurationOption.class,
            paramLabel = "DURATION",
            description = "Resolution of the range; by default one step per column of the chart.")
    private @Nullable Duration step;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Bearer token (default: $WEIR_TOKEN).")
    private @Nullable String token;

    @Option(names = "--ca-file", paramLabel = "FILE", description = "PEM certificates to trust, not the system's.")
    private @Nullable Path caFile;

    @Override
    public Integer call() throws InterruptedException {
        if (step != null && range == null) {
            throw new ParameterException(spec.commandLine(), "--step without --range (expected: both)");
        }
        QueryClient client =
                new QueryClient(url, token == null ? QueryClient.tokenOfEnvironment() : Secret.of(token), caFile);
        Answer answer = ask(client);
        PrintWriter out = spec.commandLine().getOut();
        answer.notes().forEach(note -> spec.commandLine().getErr().println(note));
        if (range == null) {
            out.print(ResultTable.render(answer));
        } else {
            out.print(Chart.render(answer, CHART_COLUMNS, CHART_ROWS, ZoneId.systemDefault()));
        }
        out.flush();
        return 0;
    }

    private Answer ask(QueryClient client) throws InterruptedException {
        try {
            return range == null ? instant(client) : range(client, range);
        } catch (BadInputException e) {
            String place = QueryPlace.show(expression, e.getMessage());
            if (place != null) {
                spec.commandLine().getErr().println(place);
            }
            throw e;
        }
    }

    private Answer instant(QueryClient client) throws InterruptedException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", expression);
        if (time != null) {
            form.put("time", time);
        }
        return client.ask("/api/v1/query", form);
    }

    private Answer range(QueryClient client, Duration wanted) throws InterruptedException {
        Duration stride = step != null ? step : Duration.ofMillis(Math.max(1_000, wanted.toMillis() / CHART_COLUMNS));
        long points = wanted.toMillis() / stride.toMillis() + 1;
        if (points > MAX_POINTS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--step " + stride + ": " + points + " points over --range " + wanted + " (expected: at most "
                            + MAX_POINTS + ")");
        }
        Instant end = time == null ? Clock.systemUTC().instant() : parseTime(time);
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", expression);
        form.put("start", seconds(end.minus(wanted)));
        form.put("end", seconds(end));
        form.put("step", stride.toMillis() / 1000.0 + "");
        return client.ask("/api/v1/query_range", form);
    }

    private Instant parseTime(String text) {
        try {
            return text.matches("[0-9]{1,12}([.][0-9]+)?")
                    ? Instant.ofEpochMilli((long) (Double.parseDouble(text) * 1000))
                    : Instant.from(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text));
        } catch (java.time.DateTimeException e) {
            throw new ParameterException(
                    spec.commandLine(), "--time \"" + text + "\" (expected: RFC 3339 or Unix seconds)", e);
        }
    }

    private static String seconds(Instant instant) {
        return java.math.BigDecimal.valueOf(instant.toEpochMilli(), 3).toPlainString();
    }
}
