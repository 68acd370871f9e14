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
    private final String query;
    private final QueryClient client;

    /** {@code query} is answered with some series as soon as Weir is ready. */
    Readiness(Standalone weir, Foreground foreground, String query) {
        this.weir = weir;
        this.foreground = foreground;
        this.query = query;
        this.client = new QueryClient(weir.addresses().ownQuery(), weir.ownToken());
    }

    /**
     * Returns true when the query server answers the query with some series; false when the process is asked to stop
     * before.
     */
    boolean await(PrintWriter out) throws InterruptedException {
        out.println("weir: waiting for the first results");
        for (int polls = 1; !isReady(); polls++) {
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

    private boolean isReady() throws InterruptedException {
        try {
            return !client.ask("/api/v1/query", Map.of("query", query)).series().isEmpty();
        } catch (StartupException | BadInputException e) {
            return false; // Not up yet.
        }
    }
}
