package dev.weir.ingest.source;

import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.discovery.Discovery;
import dev.weir.ingest.discovery.Target;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds targets and spreads them over the readers; designates reader 0 to tick. Readers keep nothing of their own: whoever
 * registers gets all its targets, at first and after a failure alike.
 */
final class TargetEnumerator implements SplitEnumerator<TargetSplit, EnumeratorState> {
    /** Ticks wait for one full round of scrapes, but no longer than this. */
    static final long MAX_TICK_HOLD_MS = 60_000;

    static final int TICKING_READER = 0;

    /** Targets in one message to a reader, far below the size that Flink's RPC takes. */
    static final int MAX_TARGETS_PER_MESSAGE = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(TargetEnumerator.class);

    private final SplitEnumeratorContext<TargetSplit> context;
    private final Discovery discovery;
    private final EnumeratorState state;
    private final Assignment assignment;
    private final long windowMs;
    private final LongCounter problems = new LongCounter();
    private Set<String> lastProblems = new HashSet<>();
    private List<Target> lastTargets = List.of();
    private volatile int targets;
    private volatile int dropped;
    private boolean discovered;

    TargetEnumerator(
            SplitEnumeratorContext<TargetSplit> context, WeirConfig config, EnumeratorState restored, Clock clock) {
        this.context = context;
        this.discovery = new Discovery(config, clock);
        this.state = restored.under(config, clock.millis());
        this.assignment = new Assignment(context.currentParallelism());
        this.windowMs = config.aggregation().window().toMillis();
    }

    @Override
    public void start() {
        context.metricGroup().gauge("weir_discovery_targets", () -> targets);
        context.metricGroup().gauge("weir_discovery_targets_dropped", () -> dropped);
        context.metricGroup().counter("weir_discovery_problems_total", problems);
        discovery
                .refreshInterval()
                .ifPresentOrElse(
                        every -> context.callAsync(discovery::look, this::onDiscovery, 0, every.toMillis()),
                        () -> context.callAsync(discovery::look, this::onDiscovery));
    }

    @Override
    public void handleSplitRequest(int reader, @Nullable String host) {
        // Readers get their targets without asking.
    }

    @Override
    public void addSplitsBack(List<TargetSplit> splits, int reader) {
        // The reader gets all its targets when it registers again.
    }

    @Override
    public void addReader(int reader) {
        assign(reader, assignment.of(reader));
        scheduleTicks();
    }

    @Override
    public EnumeratorState snapshotState(long checkpointId) {
        return state;
    }

    @Override
    public void close() {
        discovery.close();
    }

    private void onDiscovery(Discovery.@Nullable Round round, @Nullable Throwable failure) {
        if (failure != null || round == null) {
            problems.inc();
            LOG.warn("discovery failed; the targets stay as they are", failure);
            return;
        }
        report(round);
        dropped = round.dropped();
        if (discovered && round.targets().equals(lastTargets)) {
            return;
        }
        lastTargets = round.targets();
        Assignment.Change change = assignment.update(lastTargets);
        targets = assignment.size();
        for (Map.Entry<Integer, List<String>> removed : change.removed().entrySet()) {
            LOG.info(
                    "reader {} loses {} targets",
                    removed.getKey(),
                    removed.getValue().size());
            if (context.registeredReaders().containsKey(removed.getKey())) {
                parts(removed.getValue())
                        .forEach(ids -> context.sendEventToSourceReader(
                                removed.getKey(), new TargetsRemoved(ids, among(ids, round.ended()))));
            }
        }
        change.added().forEach((reader, added) -> {
            LOG.info("reader {} gets {} targets", reader, added.size());
            if (context.registeredReaders().containsKey(reader)) {
                assign(reader, added);
            }
        });
        if (!discovered) {
            discovered = true;
            scheduleTicks();
        }
    }

    private void assign(int reader, List<Target> added) {
        for (List<Target> part : parts(added)) {
            List<TargetSplit> splits = part.stream()
                    .map(target -> new TargetSplit(target, state.scraperId(), state.watchedSinceMs(target.job())))
                    .toList();
            context.assignSplits(new SplitsAssignment<>(Map.of(reader, splits)));
        }
    }

    private static Set<String> among(List<String> ids, Set<String> chosen) {
        return ids.stream().filter(chosen::contains).collect(Collectors.toSet());
    }

    private static <T> List<List<T>> parts(List<T> all) {
        List<List<T>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += MAX_TARGETS_PER_MESSAGE) {
            parts.add(all.subList(from, Math.min(all.size(), from + MAX_TARGETS_PER_MESSAGE)));
        }
        return parts;
    }

    /** Whoever starts, starts the wait again: its targets have not been scraped. */
    private void scheduleTicks() {
        if (discovered && context.registeredReaders().containsKey(TICKING_READER)) {
            long holdMs = Math.min(assignment.longestIntervalMs(), MAX_TICK_HOLD_MS);
            context.sendEventToSourceReader(TICKING_READER, new TickSchedule(state.scraperId(), windowMs, holdMs));
        }
    }

    /** Each problem is logged when it comes up and when it is over, not at every look. */
    private void report(Discovery.Round round) {
        Set<String> now = new HashSet<>(round.problems());
        for (String problem : now) {
            problems.inc();
            if (!lastProblems.contains(problem)) {
                LOG.warn("discovery: {}", problem);
            }
        }
        lastProblems.stream()
                .filter(problem -> !now.contains(problem))
                .forEach(problem -> LOG.info("discovery, over: {}", problem));
        lastProblems = now;
    }
}
