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
 * @param requestsPerSecond what each pod gets on average, before the fleet's load factor; 0 for cAdvisor
 */
public record Workload(
        EngineKind kind,
        String projectId,
        String pipelineName,
        int deployId,
        String model,
        int replicas,
        double requestsPerSecond) {
    /** The most pods one workload may have. */
    public static final int MAX_REPLICAS = 10_000;

    public Workload {
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

    /** The Kubernetes namespace of its pods. */
    public String namespace() {
        return pipelineName + "-" + deployId;
    }
}
