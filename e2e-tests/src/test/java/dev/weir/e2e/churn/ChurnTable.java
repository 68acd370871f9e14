package dev.weir.e2e.churn;

import dev.weir.e2e.churn.Increases.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table of {@code docs/churn.md}: errors in percent of the truth, mean and worst over all window ends. */
final class ChurnTable {
    static final long SEED = 1;
    static final int SLOTS = 100;

    private static final String BEGIN = "<!-- table -->\n";
    private static final String END = "<!-- end of table -->\n";

    private final List<String> lines = new ArrayList<>();

    /** One scenario's errors. */
    record Row(
            String scenario,
            Errors possible,
            Errors weir,
            Errors weirLessScrapes,
            Errors lastWords,
            Errors lastWordsLessScrapes,
            long lastWordsMissing,
            Errors increase,
            Errors prometheus,
            Errors vmagent) {}

    ChurnTable(String prometheus, String vmagent) {
        lines.add("Errors in %, mean / worst. Prometheus: " + prometheus + ". vmagent: " + vmagent + ".");
        lines.add("");
        lines.add(
                "| scenario | last scrapes | Weir | less last scrapes | Weir, last words | less last scrapes | missing "
                        + "| `increase` on Weir | Prometheus | vmagent |");
        lines.add("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    }

    void add(Row row) {
        lines.add("| " + row.scenario + " | " + row.possible + " | **" + row.weir + "** | " + row.weirLessScrapes
                + " | " + row.lastWords + " | " + row.lastWordsLessScrapes + " | " + row.lastWordsMissing + " | "
                + row.increase + " | "
                + row.prometheus + " | " + row.vmagent + " |");
    }

    /** Puts the table into the page, in the place of the one before. */
    void writeInto(Path page) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(page + " (expected: a line " + BEGIN.strip() + ", later one " + END.strip() + ")");
        }
        String table = String.join("\n", lines) + "\n";
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + table + text.substring(end));
    }
}
