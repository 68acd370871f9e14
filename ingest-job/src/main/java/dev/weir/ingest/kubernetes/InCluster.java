package dev.weir.ingest.kubernetes;

import dev.weir.configuration.AuthorizationConfig;
import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Kubernetes tells a process in a pod: where the API server is, whom to trust, and the service account's token.
 *
 * @param environment its variables, by name
 * @param folder the service account's
 */
record InCluster(Function<String, @Nullable String> environment, Path folder) {
    /** What this process was told. */
    static final InCluster OWN =
            new InCluster(System::getenv, Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));

    /** @throws IOException if the process is not in a pod */
    String apiServer() throws IOException {
        String host = environment.apply("KUBERNETES_SERVICE_HOST");
        String port = environment.apply("KUBERNETES_SERVICE_PORT");
        if (host == null || host.isEmpty() || port == null || port.isEmpty()) {
            throw new IOException("no KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT in the environment"
                    + " (expected: a pod's; outside of a cluster, api_server or kubeconfig_file)");
        }
        return "https://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The token is read at each request, since Kubernetes writes a new one every hour or so. */
    HttpClientConfig http() {
        return new HttpClientConfig(
                new AuthorizationConfig(
                        AuthorizationConfig.DEFAULT_TYPE,
                        Secret.inFile(folder.resolve("token").toString())),
                null,
                new TlsConfig(null, folder.resolve("ca.crt").toString(), null, null, null, false),
                false);
    }

    /** @throws IOException if it is not told; the message names the file */
    String namespace() throws IOException {
        Path file = folder.resolve("namespace");
        String namespace = Files.readString(file, StandardCharsets.UTF_8).strip();
        if (namespace.isEmpty()) {
            throw new IOException(file + ": empty (expected: the pod's namespace)");
        }
        return namespace;
    }
}
