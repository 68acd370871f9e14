package dev.weir.standalone.flink;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.LogicalScopeProvider;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the jobs' metrics in Prometheus' text format, on a loopback port. Flink's own reporter listens on every address.
 *
 * <p>Names that start with {@code weir_} stay as they are; Flink's own become {@code flink_<scope>_<name>}. The variables
 * of a metric's scope become labels.
 */
final class LoopbackMetrics implements MetricReporter {
    private static final Logger LOG = LoggerFactory.getLogger(LoopbackMetrics.class);

    private final Map<Metric, MetricsText.Head> metrics = new ConcurrentHashMap<>();
    private @Nullable HttpServer server;

    @Override
    public void open(MetricConfig config) {
        int port = config.getInteger("port", 0);
        try {
            HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 16);
            created.createContext("/metrics", this::answer);
            created.start();
            server = created;
        } catch (IOException e) {
            LOG.warn("no job metrics: 127.0.0.1:{}: {}", port, e.toString());
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String metricName, MetricGroup group) {
        String name = metricName.startsWith("weir_")
                ? metricName
                : "flink_" + LogicalScopeProvider.castFrom(group).getLogicalScope(MetricsText::validName, '_') + "_"
                        + metricName;
        Map<String, String> labels = new TreeMap<>();
        // A variable is written <name>.
        group.getAllVariables()
                .forEach(
                        (variable, value) -> labels.put(MetricsText.validName(variable.replaceAll("[<>]", "")), value));
        metrics.put(metric, new MetricsText.Head(MetricsText.validName(name), MetricsText.labels(labels)));
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String metricName, MetricGroup group) {
        metrics.remove(metric);
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = MetricsText.render(metrics).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
