package dev.weir.ingest.kubernetes;

import dev.weir.configuration.KubernetesRole;
import dev.weir.configuration.KubernetesSdConfig;
import dev.weir.configuration.KubernetesSelector;
import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The targets of one {@code kubernetes_sd_configs} entry. While the API server does not answer, or refuses, they stay as
 * they were, and that is a problem at each look. Used by one thread; only {@link #close} may come from another.
 */
public final class KubernetesTargets implements AutoCloseable {
    /** How often changes that were watched become targets. */
    public static final Duration REFRESH_INTERVAL = Duration.ofSeconds(1);

    /** The first look waits so long for the first lists, so that a job does not begin with a part of its targets. */
    static final Duration FIRST_LISTS = Duration.ofSeconds(10);

    private static final Duration FILE_CHECK = Duration.ofSeconds(30);
    private static final long POLL_MS = 20;

    private final KubernetesSdConfig config;
    private final InCluster inCluster;
    private final InstantSource clock;
    private volatile @Nullable Cluster cluster;
    private volatile boolean closed;
    private String files = "";
    private Instant filesChecked = Instant.MIN;
    private long changes = -1;
    private List<Labels> targets = List.of();
    private Map<String, PodState> pods = Map.of();
    private Map<String, PodState> podsBefore = Map.of();

    public KubernetesTargets(KubernetesSdConfig config, InstantSource clock) {
        this(config, clock, InCluster.OWN);
    }

    KubernetesTargets(KubernetesSdConfig config, InstantSource clock, InCluster inCluster) {
        this.config = config;
        this.clock = clock;
        this.inCluster = inCluster;
    }

    /** The targets there are now; the same list as before if nothing has changed. */
    public List<Labels> read(Consumer<String> problems) {
        String prefix = "kubernetes_sd_configs, role " + config.role().word() + ": ";
        try {
            Cluster open = open();
            if (!open.isListed() && changes < 0) {
                awaitFirstLists(open);
            }
            open.problems().forEach(problem -> problems.accept(prefix + problem));
            long now = open.changes();
            if (open.isListed() && now != changes) {
                changes = now;
                update(open);
            }
        } catch (IOException e) {
            problems.accept(prefix + e.getMessage());
        }
        return targets;
    }

    /**
     * Whether the pod's processes have ended for good, which its absence tells, unless selectors leave out more than they
     * did: then it must have been seen to end. To be asked of pods whose targets left at the newest {@link #read}.
     */
    public boolean isGone(String podUid) {
        PodState now = pods.get(podUid);
        if (now != null) {
            return now == PodState.ENDED;
        }
        boolean selected = !config.selector(KubernetesRole.POD).equals(KubernetesSelector.ALL);
        return !selected || podsBefore.getOrDefault(podUid, PodState.RUNNING) != PodState.RUNNING;
    }

    @Override
    public void close() {
        closed = true;
        Cluster open = cluster;
        if (open != null) {
            open.close();
        }
    }

    private Cluster open() throws IOException {
        Cluster open = cluster;
        Instant now = clock.instant();
        if (open != null && now.isBefore(filesChecked.plus(FILE_CHECK))) {
            return open;
        }
        ApiServer server = ApiServer.of(config, inCluster);
        String present = server.stateOfFiles();
        if (open == null || !present.equals(files)) {
            Cluster opened = new Cluster(config, server, namespaces());
            if (open != null) {
                open.close();
            }
            open = opened;
            cluster = opened;
            changes = changes < 0 ? -1 : Long.MAX_VALUE;
            files = present;
            if (closed) {
                opened.close();
            }
        }
        filesChecked = now;
        return open;
    }

    private List<String> namespaces() throws IOException {
        List<String> namespaces = new ArrayList<>(config.namespaces());
        if (config.ownNamespace()) {
            namespaces.add(inCluster.namespace());
        }
        return namespaces;
    }

    private void awaitFirstLists(Cluster open) {
        long deadlineNs = System.nanoTime() + FIRST_LISTS.toNanos();
        try {
            while (!closed && !open.isListed() && open.problems().isEmpty() && System.nanoTime() < deadlineNs) {
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void update(Cluster open) {
        List<Labels> found = new ArrayList<>();
        open.forEachTarget(found::add);
        targets = List.copyOf(found);
        Map<String, PodState> states = new HashMap<>();
        open.pods().forEach(pod -> states.put(pod.getMetadata().getUid(), PodState.of(pod)));
        podsBefore = pods;
        pods = states;
    }

    private enum PodState {
        RUNNING,
        /** Was told to end. */
        ENDING,
        ENDED;

        static PodState of(Pod pod) {
            String phase = String.valueOf(pod.getStatus().getPhase());
            if (phase.equals("Succeeded") || phase.equals("Failed")) {
                return ENDED;
            }
            return pod.getMetadata().getDeletionTimestamp() == null ? RUNNING : ENDING;
        }
    }
}
