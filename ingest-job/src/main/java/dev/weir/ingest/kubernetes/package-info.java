/**
 * Targets out of a Kubernetes cluster: its API server's objects, watched, and the labels that Prometheus gives them. The
 * only package that knows the Kubernetes client.
 */
@NullMarked
package dev.weir.ingest.kubernetes;

import org.jspecify.annotations.NullMarked;
