package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.Standalone;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** One run of everything in this process: start, wait for first results, say where to look, stop. */
final class StandaloneRun {
    private final WeirConfig config;
    private final Damaged damaged;
    private final PrintWriter out;

    StandaloneRun(WeirConfig config, Damaged damaged, PrintWriter out) {
        this.config = config;
        this.damaged = damaged;
        this.out = out;
    }

    /** Runs until the process is asked to stop; {@code more} adds to the page that is printed when all is ready. */
    void untilStopped(Foreground foreground, BiConsumer<PrintWriter, Standalone.Addresses> more)
            throws InterruptedException {
        long startSeconds = System.currentTimeMillis() / 1000;
        try (Standalone weir = Standalone.start(config, damaged, line -> out.println("weir: " + line))) {
            if (new Readiness(weir, foreground, readyQuery(startSeconds)).await(out)) {
                StartPage.print(out, weir.addresses(), config);
                more.accept(out, weir.addresses());
                out.flush();
            }
            foreground.awaitStop(weir::requireHealthy);
            out.println("weir: stopping");
        }
        out.println("weir: stopped");
    }

    /** Results of this run, not of an earlier one; of a foreign broker's clock nothing is known. */
    private String readyQuery(long startSeconds) {
        if (config.scrapeConfigs().isEmpty()) {
            return "vector(1)";
        }
        return config.kafka().isEmbedded() ? "timestamp(up) >= " + startSeconds : "up";
    }
}
