package dev.weir.promql.answers;

import dev.weir.promql.generator.Query;
import dev.weir.promql.generator.RandomQueries;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;

/** Asks Prometheus and our engine the same random queries, and prints where they differ. */
final class LiveComparison {
    private static final int MAX_SHOWN = 1500;

    private final PrometheusPair prometheus;
    private final EngineAnswers ours;
    private final PrintStream out;
    private final Map<String, Integer> counts = new TreeMap<>();
    private int differences;

    LiveComparison(PrometheusPair prometheus, EngineAnswers ours, PrintStream out) {
        this.prometheus = prometheus;
        this.ours = ours;
        this.out = out;
    }

    void run(RandomQueries queries, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            compare("#" + i + " ", queries.next());
        }
    }

    /** Prints the counts. Returns how many queries differed. */
    int report() {
        counts.forEach((kind, number) -> out.println(kind + ": " + number));
        out.println("differences: " + differences);
        return differences;
    }

    /** Compares one query, and prints what differs. */
    void compare(String id, Query query) throws IOException, InterruptedException {
        Answer theirs = prometheus.ask(query);
        Answer our = ours.ask(query);
        count(theirs.error() != null ? "errors" : theirs.series().isEmpty() ? "empty" : "with values");
        Difference difference = Comparison.of(query).difference(our, theirs);
        if (difference == null) {
            return;
        }
        if (!prometheus.isStable(query, theirs)) {
            count("left open by Prometheus");
            return;
        }
        differences++;
        count("different " + difference.kind());
        out.println(id + difference.kind() + " " + query);
        out.println("   ours   " + cut(difference.ours()));
        out.println("   theirs " + cut(difference.theirs()));
    }

    private void count(String kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    private static String cut(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }
}
