package dev.weir.simulator.engine;

import java.util.List;
import java.util.function.LongFunction;

/** Starts a process of each engine. */
public final class Engines {
    private Engines() {}

    /** A vLLM v1 API server. */
    public static EngineProcess vllm(EngineStart start) {
        return new VllmProcess(start);
    }

    /** A TorchServe with two models. */
    public static EngineProcess torchServe(EngineStart start) {
        return new TorchServeProcess(start);
    }

    /** An endpoint picker of a Gateway API inference extension. */
    public static EngineProcess endpointPicker(EngineStart start) {
        return new EndpointPickerProcess(start);
    }

    /** An engine with the families that Wallaroo's queries ask for. */
    public static EngineProcess wallaroo(EngineStart start) {
        return new WallarooProcess(start);
    }

    /** A node's cAdvisor over the containers that live on it at a time. */
    public static EngineProcess cadvisor(EngineStart start, LongFunction<List<Container>> containers) {
        return new CadvisorProcess(start, containers);
    }
}
