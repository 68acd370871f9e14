package dev.weir.ingest.discovery;

import dev.weir.configuration.FileSdConfig;
import dev.weir.configuration.HttpSdConfig;
import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.StaticConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.ingest.http.HttpClients;
import dev.weir.series.Labels;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All jobs' targets, looked up again at each {@link #look}. Not safe for use by several threads. */
public final class Discovery {
    /** More targets than this are left out, and that is a problem. */
    public static final int MAX_TARGETS = 100_000;

    private static final String META_FILE = "__meta_filepath";
    private static final String META_URL = "__meta_url";

    private final List<Job> jobs = new ArrayList<>();
    private final Optional<Duration> refreshInterval;

    public Discovery(WeirConfig config) {
        this(config, InstantSource.system());
    }

    /** @param clock says when pages are to be asked again */
    public Discovery(WeirConfig config, InstantSource clock) {
        for (ScrapeConfig scrapeConfig : config.scrapeConfigs()) {
            jobs.add(new Job(scrapeConfig, config.project(), clock));
        }
        refreshInterval = config.scrapeConfigs().stream()
                .flatMap(job -> Stream.concat(
                        job.fileSdConfigs().stream().map(FileSdConfig::refreshInterval),
                        job.httpSdConfigs().stream().map(HttpSdConfig::refreshInterval)))
                .min(Duration::compareTo);
    }

    /** How often to look again; empty if nothing can change. */
    public Optional<Duration> refreshInterval() {
        return refreshInterval;
    }

    /** The targets there are now. */
    public Round look() {
        List<String> problems = new ArrayList<>();
        Map<String, Target> targets = new LinkedHashMap<>();
        int dropped = 0;
        for (Job job : jobs) {
            for (Labels discovered : job.discover(problems::add)) {
                try {
                    Target target = job.builder.build(discovered);
                    if (target == null) {
                        dropped++;
                    } else if (targets.size() >= MAX_TARGETS && !targets.containsKey(target.identity())) {
                        problems.add("more than " + MAX_TARGETS + " targets; left out: " + target.url());
                    } else {
                        Target first = targets.putIfAbsent(target.identity(), target);
                        if (first != null && !first.equals(target)) {
                            problems.add("job " + target.job() + ": two targets have the URL " + target.url()
                                    + "; left out: " + target.labels() + " (expected: one target per URL and job)");
                        }
                    }
                } catch (InvalidTargetException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return new Round(List.copyOf(targets.values()), dropped, problems);
    }

    /**
     * What one look found.
     *
     * @param targets of different identities
     * @param dropped addresses that relabelling dropped
     * @param problems what could not be used, for people
     */
    public record Round(List<Target> targets, int dropped, List<String> problems) {
        public Round {
            targets = List.copyOf(targets);
            problems = List.copyOf(problems);
        }
    }

    private static final class Job {
        private final ScrapeConfig config;
        private final TargetBuilder builder;
        private final TargetFiles files;
        private final List<TargetPage> pages;

        Job(ScrapeConfig config, String defaultProject, InstantSource clock) {
            this.config = config;
            this.builder = new TargetBuilder(config, defaultProject);
            this.files = new TargetFiles(config.fileSdConfigs().stream()
                    .flatMap(sd -> sd.files().stream())
                    .toList());
            HttpClients clients = new HttpClients(ForkJoinPool.commonPool());
            this.pages = config.httpSdConfigs().stream()
                    .map(page -> new TargetPage(page, clients, clock))
                    .toList();
        }

        List<Labels> discover(Consumer<String> problems) {
            List<Labels> discovered = new ArrayList<>();
            for (StaticConfig group : config.staticConfigs()) {
                addAll(group, Labels.EMPTY, discovered);
            }
            for (Map.Entry<Path, List<StaticConfig>> file : files.read(problems).entrySet()) {
                Labels meta = Labels.of(META_FILE, file.getKey().toString());
                file.getValue().forEach(group -> addAll(group, meta, discovered));
            }
            for (TargetPage page : pages) {
                Labels meta = Labels.of(META_URL, page.url());
                page.read(problems).forEach(group -> addAll(group, meta, discovered));
            }
            return discovered;
        }

        private static void addAll(StaticConfig group, Labels meta, List<Labels> to) {
            for (String address : group.targets()) {
                to.add(group.labels().toBuilder()
                        .setAll(meta)
                        .set(TargetBuilder.ADDRESS, address)
                        .build());
            }
        }
    }
}
