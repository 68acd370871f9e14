package dev.weir.simulator.fleet;

import dev.weir.simulator.engine.Container;
import java.util.ArrayList;
import java.util.List;

/** The containers behind the pods: each pod's own, and a sidekick beside every second replica of a Wallaroo deployment. */
final class Containers {
    private Containers() {}

    static List<Container> onNode(int node, List<Pod> pods, long micros) {
        List<Container> containers = new ArrayList<>();
        for (Pod pod : pods) {
            if (pod.node != node || !pod.aliveAt(micros) || pod.workload.kind() == EngineKind.CADVISOR) {
                continue;
            }
            String namespace = pod.workload.namespace();
            containers.add(
                    new Container(namespace, pod.name, pod.workload.kind().container(), pod.startedMicros));
            if (hasSidekick(pod)) {
                String sidekick = "engine-sidekick-" + pod.workload.pipelineName() + "-" + pod.ordinal;
                String suffix = pod.name.substring(pod.workload.pipelineName().length() + "-engine".length());
                containers.add(new Container(namespace, sidekick + suffix, sidekick, pod.startedMicros));
            }
        }
        return containers;
    }

    static int engines(Workload workload, List<Pod> pods, long micros) {
        return (int) pods.stream()
                .filter(pod -> pod.workload.equals(workload) && pod.aliveAt(micros))
                .count();
    }

    static int sidekicks(Workload workload, List<Pod> pods, long micros) {
        return (int) pods.stream()
                .filter(pod -> pod.workload.equals(workload) && pod.aliveAt(micros) && hasSidekick(pod))
                .count();
    }

    private static boolean hasSidekick(Pod pod) {
        return pod.workload.kind().deployedByWallaroo() && pod.ordinal % 2 == 0;
    }
}
