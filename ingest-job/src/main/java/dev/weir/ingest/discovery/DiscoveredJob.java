package dev.weir.ingest.discovery;

import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.StaticConfig;
import dev.weir.ingest.kubernetes.KubernetesTargets;
import dev.weir.series.Labels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The sources of one job's targets. What a source says again is not built again. */
final class DiscoveredJob {
    private static final String META_FILE = "__meta_filepath";
    private static final String META_URL = "__meta_url";

    private final TargetBuilder builder;
    private final TargetFiles files;
    private final List<TargetPage> pages;
    private final Map<KubernetesTargets, FoundTargets> clusterTargets = new LinkedHashMap<>();
    private final FoundTargets fixed;
    private FoundTargets listed;

    /**
     * @param pages those of the job's {@code http_sd_configs}
     * @param clusters those of its {@code kubernetes_sd_configs}
     */
    DiscoveredJob(
            ScrapeConfig config, String defaultProject, List<TargetPage> pages, List<KubernetesTargets> clusters) {
        this.builder = new TargetBuilder(config, defaultProject);
        this.files = new TargetFiles(config.fileSdConfigs().stream()
                .flatMap(sd -> sd.files().stream())
                .toList());
        this.pages = pages;
        clusters.forEach(cluster ->
                clusterTargets.put(cluster, FoundTargets.of(List.of(), builder, cluster, new IdentityHashMap<>())));
        List<Labels> addresses = new ArrayList<>();
        config.staticConfigs().forEach(group -> addAll(group, Labels.EMPTY, addresses));
        this.fixed = FoundTargets.of(addresses, builder);
        this.listed = FoundTargets.of(List.of(), builder);
    }

    /** Asks all pages whose time has come; {@link #find} waits for their answers. */
    void askPages() {
        pages.forEach(TargetPage::ask);
    }

    /** @param inClusters what each cluster has now */
    List<FoundTargets> find(Map<KubernetesTargets, List<Labels>> inClusters, Consumer<String> problems) {
        List<FoundTargets> found = new ArrayList<>();
        found.add(fixed);
        List<Labels> addresses = readLists(problems);
        if (!addresses.equals(listed.addresses())) {
            listed = FoundTargets.of(addresses, builder);
        }
        found.add(listed);
        clusterTargets.replaceAll((cluster, before) -> {
            List<Labels> present = inClusters.getOrDefault(cluster, List.of());
            return before.addresses().equals(present) ? before : before.with(present, builder);
        });
        found.addAll(clusterTargets.values());
        return found;
    }

    private List<Labels> readLists(Consumer<String> problems) {
        List<Labels> addresses = new ArrayList<>();
        for (Map.Entry<Path, List<StaticConfig>> file : files.read(problems).entrySet()) {
            Labels meta = Labels.of(META_FILE, file.getKey().toString());
            file.getValue().forEach(group -> addAll(group, meta, addresses));
        }
        for (TargetPage page : pages) {
            Labels meta = Labels.of(META_URL, page.url());
            page.read(problems).forEach(group -> addAll(group, meta, addresses));
        }
        return addresses;
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
