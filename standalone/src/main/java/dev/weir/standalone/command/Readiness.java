package dev.weir.standalone.command;

import dev.weir.standalone.Standalone;
import dev.weir.standalone.StartupException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/** Waits until the first results have gone all the way: scraped, aggregated, delivered and answered. */
final class Readiness {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int POLLS_PER_NOTE = 20;

    private final Standalone weir;
    private final Foreground foreground;
    private final QueryClient client;

    Readiness(Standalone weir, Foreground foreground) {
        this.weir = weir;
        this.foreground = foreground;
        this.client = new QueryClient(weir.addresses().query(), null);
    }

    /**
     * Returns true when the query server answers and, with {@code withTargets}, holds the first {@code up} series; false
     * when the process is asked to stop before.
     */
    boolean await(boolean withTargets, PrintWriter out) throws InterruptedException {
        if (withTargets) {
            out.println("weir: waiting for the first results");
        }
        for (int polls = 1; !isReady(withTargets); polls++) {
            weir.requireHealthy();
            if (foreground.stopAskedWithin(POLL)) {
                return false;
            }
            if (polls % POLLS_PER_NOTE == 0) {
                out.println("weir: still waiting for the first results; they come after one scrape_interval");
            }
        }
        return true;
    }

    private boolean isReady(boolean withTargets) throws InterruptedException {
        try {
            return !client.ask("/api/v1/query", Map.of("query", withTargets ? "up" : "vector(1)"))
                    .series()
                    .isEmpty();
        } catch (StartupException | BadInputException e) {
            return false; // Not up yet.
        }
    }
}
