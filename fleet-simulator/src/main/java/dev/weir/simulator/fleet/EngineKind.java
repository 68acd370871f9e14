package dev.weir.simulator.fleet;

/** What a simulated target is. */
public enum EngineKind {
    VLLM("vllm", "engine"),
    TORCHSERVE("torchserve", "torchserve"),
    GIE("gie-epp", "epp"),
    WALLAROO("wallaroo-engine", "engine"),
    CADVISOR("cadvisor", "cadvisor");

    private final String job;
    private final String container;

    EngineKind(String job, String container) {
        this.job = job;
        this.container = container;
    }

    /** The {@code job} label of its targets. */
    public String job() {
        return job;
    }

    /** The name of its container, as cAdvisor tells it. */
    String container() {
        return container;
    }

    /** Whether a Wallaroo deployment runs it: its container is an engine, and some replicas have a sidekick. */
    boolean deployedByWallaroo() {
        return this == VLLM || this == WALLAROO;
    }
}
