package dev.weir.ingest.discovery;

import dev.weir.configuration.FileSdConfig;
import dev.weir.configuration.HttpSdConfig;
import dev.weir.configuration.KubernetesSdConfig;
import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.configuration.http.HttpClients;
import dev.weir.ingest.kubernetes.KubernetesTargets;
import dev.weir.series.Labels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/** All jobs' targets, looked up again at each {@link #look}. Used by one thread; only {@link #close} may come from another. */
public final class Discovery implements AutoCloseable {
    /** More targets than this are left out, and that is a problem. */
    public static final int MAX_TARGETS = 100_000;

    private final List<DiscoveredJob> jobs = new ArrayList<>();
    private final Map<KubernetesSdConfig, KubernetesTargets> clusters = new LinkedHashMap<>();
    private final Optional<Duration> refreshInterval;
    private List<FoundTargets> lastFound = List.of();
    private Round last = new Round(List.of(), 0, List.of(), Set.of());
    private Map<String, FoundTargets> podTargets = Map.of();

    public Discovery(WeirConfig config) {
        this(config, InstantSource.system());
    }

    /** @param clock says when pages are to be asked again */
    public Discovery(WeirConfig config, InstantSource clock) {
        this(config, clock, TargetPage.TIMEOUT);
    }

    Discovery(WeirConfig config, InstantSource clock, Duration pageTimeout) {
        HttpClients clients = new HttpClients(ForkJoinPool.commonPool());
        for (ScrapeConfig job : config.scrapeConfigs()) {
            // Jobs that read the same cluster in the same way share one watch.
            List<KubernetesTargets> read = job.kubernetesSdConfigs().stream()
                    .map(sd -> clusters.computeIfAbsent(sd, one -> new KubernetesTargets(one, clock)))
                    .toList();
            List<TargetPage> pages = job.httpSdConfigs().stream()
                    .map(page -> new TargetPage(page, clients, clock, pageTimeout))
                    .toList();
            jobs.add(new DiscoveredJob(job, config.project(), pages, read));
        }
        refreshInterval = config.scrapeConfigs().stream()
                .flatMap(job -> Stream.of(
                                job.fileSdConfigs().stream().map(FileSdConfig::refreshInterval),
                                job.httpSdConfigs().stream().map(HttpSdConfig::refreshInterval),
                                job.kubernetesSdConfigs().stream().map(sd -> KubernetesTargets.REFRESH_INTERVAL))
                        .flatMap(intervals -> intervals))
                .min(Duration::compareTo);
    }

    /** How often to look again; empty if nothing can change. */
    public Optional<Duration> refreshInterval() {
        return refreshInterval;
    }

    /** The targets there are now. */
    public Round look() {
        List<String> problems = new ArrayList<>();
        List<FoundTargets> found = new ArrayList<>();
        Map<KubernetesTargets, List<Labels>> inClusters = new HashMap<>();
        // All at once, since pages that do not answer must not add up.
        jobs.forEach(DiscoveredJob::askPages);
        clusters.values().forEach(cluster -> inClusters.put(cluster, cluster.read(problems::add)));
        jobs.forEach(job -> found.addAll(job.find(inClusters, problems::add)));
        if (!found.equals(lastFound)) {
            lastFound = found;
            last = merged(found);
        } else {
            last = new Round(last.targets, last.dropped, last.problems, Set.of());
        }
        problems.addAll(last.problems);
        return new Round(last.targets, last.dropped, problems, last.ended);
    }

    @Override
    public void close() {
        clusters.values().forEach(KubernetesTargets::close);
    }

    private Round merged(List<FoundTargets> all) {
        List<String> problems = new ArrayList<>();
        Map<String, Target> targets = new LinkedHashMap<>();
        Map<String, FoundTargets> withPods = new HashMap<>();
        int dropped = 0;
        for (FoundTargets found : all) {
            dropped += found.dropped();
            problems.addAll(found.problems());
            for (Target target : found.targets()) {
                String identity = target.identity();
                if (targets.size() >= MAX_TARGETS && !targets.containsKey(identity)) {
                    problems.add("more than " + MAX_TARGETS + " targets; left out: " + target.url());
                    continue;
                }
                Target first = targets.putIfAbsent(identity, target);
                if (first != null && !first.equals(target)) {
                    problems.add("job " + target.job() + ": two targets have the URL " + target.url() + "; left out: "
                            + target.labels() + " (expected: one target per URL and job)");
                } else if (found.podUids().containsKey(identity)) {
                    withPods.put(identity, found);
                }
            }
        }
        Set<String> ended = new HashSet<>();
        podTargets.forEach((identity, found) -> {
            if (!targets.containsKey(identity) && found.isGone(identity)) {
                ended.add(identity);
            }
        });
        podTargets = withPods;
        return new Round(List.copyOf(targets.values()), dropped, problems, ended);
    }

    /**
     * What one look found.
     *
     * @param targets of different identities; the same list as before if nothing has changed
     * @param dropped addresses that relabelling dropped
     * @param problems what could not be used, for people
     * @param ended identities of targets that the look before found, and whose processes are known to have ended for good
     */
    public record Round(List<Target> targets, int dropped, List<String> problems, Set<String> ended) {
        public Round {
            targets = List.copyOf(targets);
            problems = List.copyOf(problems);
            ended = Set.copyOf(ended);
        }
    }
}
