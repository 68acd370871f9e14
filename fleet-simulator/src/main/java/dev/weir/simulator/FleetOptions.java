package dev.weir.simulator;

import dev.weir.simulator.engine.FinishedRequest;
import dev.weir.simulator.fleet.Churn;
import dev.weir.simulator.fleet.EngineKind;
import dev.weir.simulator.fleet.FleetPlan;
import dev.weir.simulator.fleet.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What to simulate and where; {@link #builder} starts from the demo's fleet. Immutable. */
public final class FleetOptions {
    private final Builder values;

    private FleetOptions(Builder values) {
        this.values = values;
    }

    /** Options with every default: five engines, no churn, ephemeral ports on loopback. */
    public static Builder builder() {
        return new Builder();
    }

    String host() {
        return values.host;
    }

    int basePort() {
        return values.basePort;
    }

    int adminPort() {
        return values.adminPort;
    }

    boolean background() {
        return values.background;
    }

    @Nullable
    String bearerToken() {
        return values.bearerToken;
    }

    FleetPlan plan() {
        return new FleetPlan(
                values.seed,
                values.host,
                values.workloads(),
                values.churn,
                values.loadFactor,
                values.retention,
                values.clock,
                values.sdFile,
                values.finished);
    }

    /** Collects options; each setter returns this. */
    public static final class Builder {
        private long seed = 1;
        private String host = "127.0.0.1";
        private int basePort;
        private int adminPort;
        private int vllmPods = 3;
        private int torchServePods = 1;
        private int giePods = 1;
        private int wallarooPods = 2;
        private int cadvisorNodes = 1;
        private double loadFactor = 1;
        private String projectId = "demo";
        private Churn churn = Churn.NONE;
        private Duration retention = Duration.ofMinutes(15);
        private InstantSource clock = InstantSource.system();
        private boolean background = true;
        private Consumer<FinishedRequest> finished = request -> {};
        private @Nullable Path sdFile;
        private @Nullable String bearerToken;
        private @Nullable List<Workload> workloads;

        private Builder() {}

        /** Everything that looks random follows from it. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** The address to listen on, and in the targets file; default 127.0.0.1. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** The first port to try for pods, counting up; 0 (default) for ports of the system's choice. */
        public Builder basePort(int value) {
            basePort = port("base port", value);
            return this;
        }

        /** The port of {@code /truth} and {@code /control}; 0 (default) for one of the system's choice. */
        public Builder adminPort(int value) {
            adminPort = port("admin port", value);
            return this;
        }

        /** Pods per vLLM pipeline. 0 leaves the engine out, as with the other counts. */
        public Builder vllmPods(int value) {
            vllmPods = value;
            return this;
        }

        /** Pods of TorchServe. */
        public Builder torchServePods(int value) {
            torchServePods = value;
            return this;
        }

        /** Endpoint pickers. */
        public Builder giePods(int value) {
            giePods = value;
            return this;
        }

        /** Pods per Wallaroo pipeline. */
        public Builder wallarooPods(int value) {
            wallarooPods = value;
            return this;
        }

        /** Nodes, each with its cAdvisor. */
        public Builder cadvisorNodes(int value) {
            cadvisorNodes = value;
            return this;
        }

        /** Multiplies every request rate; default 1. */
        public Builder loadFactor(double value) {
            loadFactor = value;
            return this;
        }

        /** The project that the default workloads belong to. */
        public Builder projectId(String value) {
            projectId = value;
            return this;
        }

        /** How pods come and go; default never. */
        public Builder churn(Churn value) {
            churn = value;
            return this;
        }

        /** How long raw observations are kept for {@code /truth/rates}; default 15 minutes, 0 for not at all. */
        public Builder retention(Duration value) {
            retention = value;
            return this;
        }

        /** Tells the time; default the system's clock. */
        public Builder clock(InstantSource value) {
            clock = value;
            return this;
        }

        /** Whether pods end and start by themselves (default) or only in {@link FleetSimulator#settle}. */
        public Builder background(boolean value) {
            background = value;
            return this;
        }

        /** The Prometheus {@code file_sd} file to keep up to date. */
        public Builder sdFile(Path value) {
            sdFile = value;
            return this;
        }

        /** A bearer token that endpoint pickers ask for; default none. */
        public Builder bearerToken(String value) {
            bearerToken = value;
            return this;
        }

        /** Told of each request that a vLLM server finishes, when the server is read next; must not wait. */
        public Builder finished(Consumer<FinishedRequest> value) {
            finished = value;
            return this;
        }

        /** What runs, instead of the default workloads and counts. */
        public Builder workloads(List<Workload> value) {
            workloads = List.copyOf(value);
            return this;
        }

        /** The options; a value out of range is an {@link IllegalArgumentException} that names it. */
        public FleetOptions build() {
            FleetOptions options = new FleetOptions(copy());
            options.plan();
            return options;
        }

        private Builder copy() {
            Builder copy = new Builder()
                    .seed(seed)
                    .host(host)
                    .basePort(basePort)
                    .adminPort(adminPort)
                    .loadFactor(loadFactor)
                    .projectId(projectId)
                    .churn(churn)
                    .retention(retention)
                    .clock(clock)
                    .background(background)
                    .finished(finished)
                    .workloads(workloads());
            copy.sdFile = sdFile;
            copy.bearerToken = bearerToken;
            return copy;
        }

        private List<Workload> workloads() {
            if (workloads != null) {
                return workloads;
            }
            List<Workload> all = new ArrayList<>();
            add(all, EngineKind.VLLM, "llama-3-1-8b-pipeline", 210, "meta-llama/Llama-3.1-8B-Instruct", vllmPods, 20);
            add(all, EngineKind.VLLM, "qwen3-32b-pipeline", 318, "Qwen/Qwen3-32B", vllmPods, 8);
            if (vllmPods > 0) {
                // Two data-parallel ranks per server: the same series under engine="0" and engine="1".
                Workload single = all.remove(all.size() - 1);
                all.add(single.withEngines(2));
            }
            add(all, EngineKind.WALLAROO, "ccfraud-pipeline", 17, "ccfraud-xgboost", wallarooPods, 120);
            add(all, EngineKind.WALLAROO, "house-price-pipeline", 42, "house-price-rf", wallarooPods, 60);
            add(all, EngineKind.TORCHSERVE, "torchserve", 1, "resnet18", torchServePods, 40);
            add(all, EngineKind.GIE, "llama-pool", 1, "meta-llama/Llama-3.1-8B-Instruct", giePods, 60);
            add(all, EngineKind.CADVISOR, "kube-node", 0, "node", cadvisorNodes, 0);
            return all;
        }

        private void add(
                List<Workload> all,
                EngineKind kind,
                String pipeline,
                int deployId,
                String model,
                int pods,
                double rps) {
            if (pods < 0) {
                throw new IllegalArgumentException("pods of " + kind + ": " + pods + " (expected: >= 0)");
            }
            if (pods > 0) {
                all.add(new Workload(kind, projectId, pipeline, deployId, model, pods, rps));
            }
        }

        private static int port(String name, int value) {
            if (value < 0 || value > 65_535) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 65535)");
            }
            return value;
        }
    }
}
