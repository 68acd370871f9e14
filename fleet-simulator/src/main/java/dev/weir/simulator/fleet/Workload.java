package dev.weir.simulator.fleet;

/**
 * One deployment of the fleet.
 *
 * @param kind what runs
 * @param projectId the project it belongs to
 * @param pipelineName its pipeline
 * @param deployId its deployment; {@code {pipelineName}-{deployId}} is its Kubernetes namespace
 * @param model the model it serves
 * @param replicas how many pods it has
 * @param engines data-parallel ranks of each of its pods, if they are vLLM servers
 * @param requestsPerSecond what each pod gets on average, before the fleet's load factor; 0 for cAdvisor
 */
public record Workload(
        EngineKind kind,
        String projectId,
        String pipelineName,
        int deployId,
        String model,
        int replicas,
        int engines,
        double requestsPerSecond) {
    /** The most pods one workload may have. */
    public static final int MAX_REPLICAS = 10_000;

    /** A workload of one rank per pod. */
    public Workload(
            EngineKind kind,
            String projectId,
            String pipelineName,
            int deployId,
            String model,
            int replicas,
            double requestsPerSecond) {
        this(kind, projectId, pipelineName, deployId, model, replicas, 1, requestsPerSecond);
    }

    public Workload {
        if (engines < 1 || engines > 64) {
            throw new IllegalArgumentException("engines of " + pipelineName + ": " + engines + " (expected: 1 to 64)");
        }
        if (projectId.isBlank() || pipelineName.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException("workload " + kind + " " + pipelineName
                    + ": project, pipeline or model is blank (expected: names)");
        }
        if (replicas < 1 || replicas > MAX_REPLICAS) {
            throw new IllegalArgumentException(
                    "replicas of " + pipelineName + ": " + replicas + " (expected: 1 to " + MAX_REPLICAS + ")");
        }
        boolean loaded = kind != EngineKind.CADVISOR;
        if (loaded && !(requestsPerSecond > 0 && requestsPerSecond <= 100_000)) {
            throw new IllegalArgumentException("requests per second of " + pipelineName + ": " + requestsPerSecond
                    + " (expected: > 0 and <= 100000)");
        }
    }

    /** This with as many data-parallel ranks per pod. */
    public Workload withEngines(int count) {
        return new Workload(kind, projectId, pipelineName, deployId, model, replicas, count, requestsPerSecond);
    }

    /** The Kubernetes namespace of its pods. */
    public String namespace() {
        return pipelineName + "-" + deployId;
    }
}
