package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.DataDir;
import dev.weir.standalone.Parts;
import dev.weir.standalone.PushedEvents;
import dev.weir.standalone.QueryEndpoint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "query-server",
        mixinStandardHelpOptions = true,
        description = "Runs only the remote-write receiver, the store and the API, until it is stopped.")
final class QueryServerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ConfigOption config;

    @Override
    public Integer call() throws InterruptedException {
        WeirConfig loaded = config.load();
        PrintWriter out = spec.commandLine().getOut();
        Foreground.run(foreground -> {
            try (Parts parts = new Parts()) {
                DataDir dataDir = parts.add("data directory", DataDir.open(Path.of(loaded.dataDir())));
                PushedEvents pushed = null;
                if (!loaded.kafka().isEmbedded()) {
                    pushed = parts.add("intake", new PushedEvents());
                    pushed.connect(loaded.kafka());
                }
                QueryEndpoint endpoint = parts.add("query server", QueryEndpoint.start(loaded, dataDir, pushed));
                out.println();
                out.println("The query server is ready.");
                StartPage.row(out, "PromQL API", endpoint.publicUrl() + "/api/v1/query");
                StartPage.row(out, "remote write", endpoint.publicUrl() + "/api/v1/write");
                StartPage.row(out, "own metrics", endpoint.publicUrl() + "/metrics");
                StartPage.row(out, "data", loaded.dataDir());
                out.println();
                foreground.awaitStop(dataDir::requireSpaceToGoOn);
                out.println("weir: stopping");
            }
            out.println("weir: stopped");
        });
        return 0;
    }
}
