package dev.weir.simulator.fleet;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels that discovery gives a target, per kind of engine. */
final class TargetLabels {
    private TargetLabels() {}

    static Map<String, String> of(Slot slot, String podName) {
        Workload workload = slot.workload;
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("job", workload.kind().job());
        labels.put("project_id", workload.projectId());
        if (workload.kind() == EngineKind.CADVISOR) {
            // Its series carry namespace, pod and container themselves.
            labels.put("node", "node-" + slot.ordinal);
            return labels;
        }
        labels.put("namespace", workload.namespace());
        labels.put("pod", podName);
        if (workload.kind().deployedByWallaroo()) {
            labels.put("pipeline_name", workload.pipelineName());
            labels.put("deploy_id", Integer.toString(workload.deployId()));
        }
        if (workload.kind() == EngineKind.VLLM) {
            labels.put("kubernetes_namespace", workload.namespace());
            labels.put("service_tier", "pt");
            labels.put("model_server", "vllm");
        }
        return labels;
    }
}
