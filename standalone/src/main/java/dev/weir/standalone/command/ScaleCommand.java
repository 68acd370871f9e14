package dev.weir.standalone.command;

import com.sun.net.httpserver.HttpServer;
import dev.weir.configuration.HostPort;
import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.WeirConfig;
import dev.weir.scaling.Scaling;
import dev.weir.standalone.Parts;
import dev.weir.standalone.StartupException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = "Sets the workers of served models by the rules of the configuration, until it is stopped.")
final class ScaleCommand implements Callable<Integer> {
    private static final int BACKLOG = 16;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ConfigOption config;

    @Option(names = "--once", description = "Evaluates every rule once, prints what comes of it and ends.")
    private boolean once;

    @Override
    public Integer call() throws InterruptedException {
        WeirConfig loaded = config.load();
        if (loaded.scaling().rules().isEmpty()) {
            throw config.lacks("rules in scaling (expected: at least one)");
        }
        PrintWriter out = spec.commandLine().getOut();
        Scaling scaling = scaling(loaded);
        if (once) {
            scaling.evaluate().forEach(out::println);
            return 0;
        }
        Foreground.run(foreground -> {
            try (Parts parts = new Parts()) {
                HostPort metrics = loaded.scaling().metricsAddress();
                if (metrics != null) {
                    HttpServer server = tellMetrics(metrics, scaling);
                    parts.add("metrics", () -> server.stop(0));
                }
                parts.add("scaling", scaling).start();
                out.println("weir: " + loaded.scaling().rules().size() + " scaling rules"
                        + (loaded.scaling().dryRun() ? ", dry run" : "") + "; decisions are in the log");
                foreground.awaitStop(() -> {});
                out.println("weir: stopping");
            }
            out.println("weir: stopped");
        });
        return 0;
    }

    /** Over the query server that the configuration names, or that it is of. */
    private static Scaling scaling(WeirConfig loaded) {
        ScalingConfig rules = loaded.scaling();
        URI url = rules.url();
        Secret token = QueryClient.tokenOfEnvironment();
        String scheme = loaded.query().web().tls() == null ? "http://" : "https://";
        try {
            return Scaling.of(
                    token == null ? rules : rules.withToken(token),
                    url == null ? URI.create(scheme + loaded.query().listen()) : url);
        } catch (IOException e) {
            throw new StartupException("scaling: " + e.getMessage(), e);
        }
    }

    private static HttpServer tellMetrics(HostPort address, Scaling scaling) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address.host(), address.port()), BACKLOG);
            server.createContext("/metrics", exchange -> {
                byte[] body = scaling.metricsText().getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new StartupException("scaling.metrics_address " + address + ": " + e.getMessage(), e);
        }
    }
}
