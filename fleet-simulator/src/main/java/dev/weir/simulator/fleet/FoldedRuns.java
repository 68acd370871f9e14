package dev.weir.simulator.fleet;

import dev.weir.simulator.metric.Snapshot;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The totals of ended processes that are no longer kept one by one. */
final class FoldedRuns {
    /** The most ended processes kept one by one. */
    static final int MAX_ENDED_RUNS = 20_000;

    private final Map<Workload, SeriesTotals> totals = new HashMap<>();
    private final Map<Workload, Map<String, SeriesTotals>> served = new HashMap<>();
    private long count;

    void foldOldest(Deque<ProcessRun> ended) {
        while (ended.size() > MAX_ENDED_RUNS) {
            ProcessRun run = ended.removeFirst();
            count++;
            totals.computeIfAbsent(run.pod.workload, workload -> new SeriesTotals())
                    .add(run.at(run.endedMicros));
            Map<String, SeriesTotals> byScraper = served.computeIfAbsent(run.pod.workload, w -> new TreeMap<>());
            for (Map.Entry<String, Snapshot> entry : run.lastServed().entrySet()) {
                byScraper
                        .computeIfAbsent(entry.getKey(), name -> new SeriesTotals())
                        .add(entry.getValue());
            }
        }
    }

    long count() {
        return count;
    }

    void addTo(Workload workload, SeriesTotals sum, Map<String, SeriesTotals> sumServed) {
        SeriesTotals own = totals.get(workload);
        if (own != null) {
            sum.add(own);
        }
        served.getOrDefault(workload, Map.of())
                .forEach((scraper, part) -> sumServed
                        .computeIfAbsent(scraper, name -> new SeriesTotals())
                        .add(part));
    }
}
