package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.Standalone;
import java.io.PrintWriter;

/** What {@code up} prints when it is ready: where to look. */
final class StartPage {
    private StartPage() {}

    static void print(PrintWriter out, Standalone.Addresses addresses, WeirConfig config) {
        out.println();
        out.println("Weir is ready.");
        row(out, "metrics page", addresses.query() + "/");
        row(out, "PromQL API", addresses.query() + "/api/v1/query");
        row(out, "Flink", addresses.flink());
        row(out, "Kafka", addresses.kafka());
        row(out, "own metrics", addresses.query() + "/metrics and " + addresses.jobMetrics());
        row(out, "data", config.dataDir());
        out.println();
        out.flush();
    }

    static void row(PrintWriter out, String what, Object where) {
        out.printf("  %-12s %s%n", what, where);
    }
}
