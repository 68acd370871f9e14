package dev.weir.promql.answers;

import dev.weir.promql.generator.Query;
import dev.weir.promql.generator.RandomQueries;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command line of {@code promql/prometheus-answers}. */
final class PrometheusAnswers {
    private static final String USAGE = """
            usage: prometheus-answers compare PROMETHEUS now|delayed SEED COUNT
                   prometheus-answers compare PROMETHEUS now|delayed SEED FILE
                   prometheus-answers record  PROMETHEUS now|delayed SEED COUNT FILE
              PROMETHEUS  the path of a Prometheus 3.5
              now|delayed whether metric names are removed at once or in the end
              SEED        of the samples and of the queries
              COUNT       how many queries
              FILE        queries to compare, one a line as printed by compare; or where to record
            """;

    private PrometheusAnswers() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean isRecord = args.length == 6 && args[0].equals("record");
        boolean isCompare = args.length == 5 && args[0].equals("compare");
        if (!isRecord && !isCompare) {
            out.print(USAGE);
            System.exit(2);
        }
        boolean delays = args[2].equals("delayed");
        long seed = Long.parseLong(args[3]);
        SampleData data = new SampleData(seed);
        RandomQueries queries = new RandomQueries(seed, SampleData.vocabulary());
        int differences = 0;
        try (PrometheusPair prometheus = new PrometheusPair(Path.of(args[1]), data, delays)) {
            if (isRecord) {
                Recorder recorder = new Recorder(prometheus);
                new AnswerFile(seed, delays, recorder.record(queries, Integer.parseInt(args[4])))
                        .write(Path.of(args[5]));
            } else {
                LiveComparison comparison =
                        new LiveComparison(prometheus, new EngineAnswers(data.store(), delays), out);
                if (args[4].matches("\\d+")) {
                    comparison.run(queries, Integer.parseInt(args[4]));
                } else {
                    for (String line : Files.readAllLines(Path.of(args[4]))) {
                        comparison.compare("", Query.parse(line));
                    }
                }
                differences = comparison.report();
            }
        }
        System.exit(differences > 0 ? 1 : 0);
    }
}
