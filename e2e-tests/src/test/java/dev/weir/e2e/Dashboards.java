package dev.weir.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Grafana dashboards of {@code deploy/grafana}, asked as Grafana asks: variables first, then every panel's expressions. */
final class Dashboards {
    /** Asks a Prometheus that scrapes Weir's own processes; the others ask for what Weir finds out. */
    private static final String OPERATIONS = "operations.json";

    private static final Path FOLDER = Path.of(System.getProperty("weir.root"), "deploy/grafana/dashboards");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), *([a-z_]+)\\)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z_]+)}?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PromClient client;
    private final List<String> faults = new ArrayList<>();

    private Dashboards(PromClient client) {
        this.client = client;
    }

    /** The dashboards by their files' names. */
    static Map<String, JsonNode> all() throws IOException {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                all.put(file.getFileName().toString(), JSON.readTree(file.toFile()));
            }
        }
        return all;
    }

    /** Variables without a value, and expressions without data, each with its dashboard and panel. */
    static List<String> unanswered(PromClient client) throws IOException {
        Dashboards dashboards = new Dashboards(client);
        for (Map.Entry<String, JsonNode> dashboard : all().entrySet()) {
            if (!dashboard.getKey().equals(OPERATIONS)) {
                dashboards.ask(dashboard.getKey(), dashboard.getValue());
            }
        }
        return dashboards.faults;
    }

    /** The same of the dashboard on Weir itself. */
    static List<String> unansweredOperations(PromClient scraper) throws IOException {
        Dashboards dashboards = new Dashboards(scraper);
        dashboards.ask(OPERATIONS, all().getOrDefault(OPERATIONS, JSON.createObjectNode()));
        return dashboards.faults;
    }

    private void ask(String name, JsonNode dashboard) {
        List<Map<String, String>> choices =
                choices(name, dashboard.path("templating").path("list"));
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asText();
                if (choices.stream().noneMatch(values -> hasData(interpolated(expression, values)))) {
                    faults.add(name + ", " + panel.path("title").asText() + ": " + expression);
                }
            }
        }
    }

    /** All values of every variable, then for one that takes a single value each of its values. */
    private List<Map<String, String>> choices(String name, JsonNode variables) {
        List<Map<String, String>> choices = new ArrayList<>(List.of(Map.of()));
        for (JsonNode variable : variables) {
            String called = variable.path("name").asText();
            List<String> values = new ArrayList<>();
            if (variable.path("type").asText().equals("query")) {
                values.addAll(values(variable.path("query").path("query").asText(), choices.get(0)));
                if (values.isEmpty()) {
                    faults.add(name + ": no value of $" + called);
                    values.add("none");
                }
                if (variable.path("includeAll").asBoolean()) {
                    String listed = values.stream().map(Dashboards::escaped).collect(Collectors.joining("|", "(", ")"));
                    values = List.of(variable.path("allValue").asText(), listed);
                }
            } else if (variable.path("type").asText().equals("custom")) {
                values.addAll(List.of(variable.path("query").asText().split(",")));
            } else {
                continue;
            }
            choices = with(choices, called, values);
        }
        return choices;
    }

    private static List<Map<String, String>> with(List<Map<String, String>> choices, String name, List<String> values) {
        List<Map<String, String>> more = new ArrayList<>();
        for (String value : values) {
            for (Map<String, String> choice : choices) {
                Map<String, String> chosen = new LinkedHashMap<>(choice);
                chosen.put(name, value);
                more.add(chosen);
            }
        }
        return more;
    }

    private List<String> values(String query, Map<String, String> chosen) {
        Matcher parts = LABEL_VALUES.matcher(query);
        if (!parts.matches()) {
            return List.of();
        }
        double now = Instant.now().getEpochSecond();
        JsonNode answer = client.get(
                "/api/v1/label/" + parts.group(2) + "/values",
                Map.of(
                        "match[]", interpolated(parts.group(1), chosen),
                        "start", Double.toString(now - 300),
                        "end", Double.toString(now)));
        List<String> values = new ArrayList<>();
        answer.path("data").forEach(value -> values.add(value.asText()));
        return values;
    }

    private boolean hasData(String expression) {
        double now = Instant.now().getEpochSecond();
        JsonNode answer = client.post(
                "/api/v1/query_range",
                Map.of(
                        "query",
                        expression,
                        "start",
                        Double.toString(now - 60),
                        "end",
                        Double.toString(now),
                        "step",
                        "15"));
        for (JsonNode series : answer.path("data").path("result")) {
            for (JsonNode point : series.path("values")) {
                if (!point.path(1).asText().equals("NaN")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String interpolated(String text, Map<String, String> values) {
        String timed = text.replace("$__rate_interval", "1m").replace("$__range", "5m");
        return VARIABLE.matcher(timed)
                .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), found.group())));
    }

    /** As Grafana escapes a value for a regular expression in a PromQL string. */
    private static String escaped(String value) {
        return value.replaceAll("[$^*{}\\[\\]'+?.()|\\\\]", "\\\\\\\\\\\\\\\\$0");
    }
}
