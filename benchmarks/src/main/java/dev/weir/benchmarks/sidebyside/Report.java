package dev.weir.benchmarks.sidebyside;

import java.io.PrintWriter;
import java.util.List;

/** Prints a line for each server under each query. */
final class Report {
    private final PrintWriter out;

    Report(PrintWriter out) {
        this.out = out;
        out.printf(
                "%n%-18s %-17s %10s %10s %10s %10s %10s %10s %8s %12s%n",
                "query",
                "server",
                "median ms",
                "least ms",
                "p90 ms",
                "first ms",
                "CPU ms",
                "points",
                "ratio",
                "difference");
    }

    /** The ratio is a server's median to that of the first; the difference is of its values to those of the first. */
    void add(Query query, List<Measurement> measured) {
        Measurement reference = measured.get(0);
        for (Measurement one : measured) {
            out.printf(
                    "%-18s %-17s %10.2f %10.2f %10.2f %10.1f %10.2f %,10d %8.2f %12s%n",
                    query.name(),
                    one.server().name(),
                    one.medianMillis(),
                    one.quantileMillis(0),
                    one.quantileMillis(0.9),
                    one.firstMillis(),
                    one.cpuMillis(),
                    one.answer().size(),
                    one.medianMillis() / reference.medianMillis(),
                    difference(one, reference));
        }
        out.flush();
    }

    private static String difference(Measurement one, Measurement reference) {
        if (one.server().name().equals(reference.server().name())) {
            return "-";
        }
        int unmatched = one.answer().unmatched(reference.answer());
        double greatest = one.answer().greatestDifference(reference.answer());
        return (unmatched > 0 ? unmatched + " points, " : "") + (greatest == 0 ? "0" : String.format("%.1e", greatest));
    }
}
