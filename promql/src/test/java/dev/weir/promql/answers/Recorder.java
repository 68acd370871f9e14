package dev.weir.promql.answers;

import dev.weir.promql.generator.Query;
import dev.weir.promql.generator.RandomQueries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects what Prometheus answers to random queries. Left out are answers that it does not give each time, long ones,
 * and two thirds of the empty ones, which say little.
 */
final class Recorder {
    private static final int MAX_LENGTH = 1500;
    private static final int EMPTY_ONE_IN = 3;

    private final PrometheusPair prometheus;
    private int empty;

    Recorder(PrometheusPair prometheus) {
        this.prometheus = prometheus;
    }

    List<RecordedAnswer> record(RandomQueries queries, int count) throws IOException, InterruptedException {
        List<RecordedAnswer> recorded = new ArrayList<>();
        while (recorded.size() < count) {
            Query query = queries.next();
            RecordedAnswer answer = new RecordedAnswer(query, prometheus.ask(query));
            if (isWorthKeeping(answer.answer())
                    && String.join("\n", answer.lines()).length() <= MAX_LENGTH
                    && prometheus.isStable(query, answer.answer())) {
                recorded.add(answer);
            }
        }
        return recorded;
    }

    private boolean isWorthKeeping(Answer answer) {
        return answer.error() != null || !answer.series().isEmpty() || empty++ % EMPTY_ONE_IN == 0;
    }
}
