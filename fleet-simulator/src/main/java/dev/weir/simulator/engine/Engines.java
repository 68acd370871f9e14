package dev.weir.simulator.engine;

/** Starts a process of each engine. */
public final class Engines {
    private Engines() {}

    /** A vLLM v1 API server. */
    public static EngineProcess vllm(EngineStart start) {
        return new VllmProcess(start);
    }
}
