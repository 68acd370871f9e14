package dev.weir.queryserver.api;

import dev.weir.queryserver.http.Call;
import dev.weir.queryserver.http.Endpoint;
import dev.weir.queryserver.http.Reply;
import dev.weir.queryserver.store.Store;
import dev.weir.queryserver.telemetry.FurtherMetrics;
import dev.weir.queryserver.telemetry.ServerMetrics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The server's own metrics in the text format 0.0.4 and, for those who may see every project, those of what runs beside
 * it. As at TorchServe's, {@code ?name[]=} leaves only the families named, or those that have series so named.
 */
public final class MetricsEndpoint implements Endpoint {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Store store;
    private final ServerMetrics metrics;
    private final FurtherMetrics further;
    private final InstantSource clock;

    public MetricsEndpoint(Store store, ServerMetrics metrics, FurtherMetrics further, InstantSource clock) {
        this.store = store;
        this.metrics = metrics;
        this.further = further;
        this.clock = clock;
    }

    @Override
    public Reply serve(Call call) {
        String project = call.scope().project();
        String own = metrics.text(store, project, clock.instant());
        String all = project == null ? own + further.text() : own;
        Set<String> names = new HashSet<>(call.params().all("name[]"));
        String text = names.isEmpty() ? all : filtered(all, names);
        return new Reply(200, TYPE, Map.of(), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The lines of a family's head wait until one of its samples is wanted, or its name is. */
    private static String filtered(String text, Set<String> names) {
        StringBuilder kept = new StringBuilder();
        StringBuilder head = new StringBuilder();
        String family = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("#")) {
                String[] words = line.split(" ", 4);
                String named = words.length > 2 ? words[2] : "";
                if (!named.equals(family)) {
                    family = named;
                    head.setLength(0);
                }
                head.append(line).append('\n');
                continue;
            }
            if (names.contains(family) || names.contains(sampleName(line))) {
                kept.append(head).append(line).append('\n');
                head.setLength(0);
            }
        }
        return kept.toString();
    }

    private static String sampleName(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
            end++;
        }
        return line.substring(0, end);
    }
}
