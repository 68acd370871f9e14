package dev.weir.simulator.engine;

/**
 * A container as cAdvisor sees it.
 *
 * @param namespace its Kubernetes namespace
 * @param pod its pod's name
 * @param container its name in the pod
 * @param startedMicros when it started
 */
public record Container(String namespace, String pod, String container, long startedMicros) {}
