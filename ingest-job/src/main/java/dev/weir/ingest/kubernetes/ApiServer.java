package dev.weir.ingest.kubernetes;

import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.KubernetesSdConfig;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.tls.TlsContext;
import dev.weir.ingest.http.UserAgent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One API server and how to ask it. A kubeconfig is read as the client reads it; otherwise TLS and authorization are those
 * of every other HTTP request, and a token in a file is read anew at each request.
 *
 * @param kubeconfigFile if not null, it says all else
 */
record ApiServer(@Nullable String url, @Nullable String kubeconfigFile, HttpClientConfig http) {
    /** No answer for this long is an error. */
    private static final int TIMEOUT_MS = 30_000;

    /** Between the end of one watch and the next; doubles while the API server is away, up to 32 times. */
    private static final int RECONNECT_MS = 1_000;

    /** @throws IOException if the configuration asks for a pod's own access, and the process is not in a pod */
    static ApiServer of(KubernetesSdConfig config, InCluster inCluster) throws IOException {
        if (config.apiServer() != null || config.kubeconfigFile() != null) {
            return new ApiServer(config.apiServer(), config.kubeconfigFile(), config.http());
        }
        return new ApiServer(inCluster.apiServer(), null, inCluster.http());
    }

    /** A text that changes when the files that say how to talk TLS do, whereupon {@link #open} makes another client. */
    String stateOfFiles() throws IOException {
        TlsConfig tls =
                kubeconfigFile == null ? http.tls() : new TlsConfig(null, kubeconfigFile, null, null, null, false);
        return TlsContext.stateOfFiles(tls);
    }

    /** @throws IOException if files cannot be read; the message names them */
    KubernetesClient open(ApiHealth health) throws IOException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // The client looks for its own parts there, and Flink's worker threads do not have the job's jars.
        thread.setContextClassLoader(ApiServer.class.getClassLoader());
        try {
            SSLContext tls = kubeconfigFile == null ? TlsContext.of(http.tls()) : null;
            return new KubernetesClientBuilder()
                    .withConfig(config())
                    .withHttpClientFactory(new JdkClients(tls))
                    .withHttpClientBuilderConsumer(builder -> {
                        builder.addOrReplaceInterceptor("weir-health", health);
                        if (kubeconfigFile == null) {
                            builder.addOrReplaceInterceptor("weir-authorization", new Authorization(http, health));
                        }
                    })
                    .build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Config config() throws IOException {
        Config config;
        if (kubeconfigFile == null) {
            config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        } else {
            if (!Files.isReadable(Path.of(kubeconfigFile))) {
                throw new IOException(kubeconfigFile + ": cannot be read (expected: a kubeconfig)");
            }
            try {
                config = Config.fromKubeconfig(new File(kubeconfigFile));
            } catch (RuntimeException e) {
                throw new IOException(kubeconfigFile + ": " + e.getMessage() + " (expected: a kubeconfig)", e);
            }
        }
        return new ConfigBuilder(config)
                .withUserAgent(UserAgent.VALUE)
                .withConnectionTimeout(TIMEOUT_MS)
                .withRequestTimeout(TIMEOUT_MS)
                .withWatchReconnectInterval(RECONNECT_MS)
                // Informers try again by themselves; but only a request that may be tried again tells of its failure.
                .withRequestRetryBackoffLimit(1)
                .build();
    }

    /** Sets the header, with the secret as it is now. */
    private record Authorization(HttpClientConfig http, ApiHealth health) implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            try {
                String header = http.authorizationHeader();
                if (header != null) {
                    builder.setHeader("Authorization", header);
                }
            } catch (IOException e) {
                // The API server will refuse what comes without; this is why.
                health.failed(request.uri(), e.toString());
            }
        }
    }

    private static final class JdkClients extends JdkHttpClientFactory {
        private final @Nullable SSLContext tls;

        JdkClients(@Nullable SSLContext tls) {
            this.tls = tls;
        }

        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            if (tls != null) {
                builder.sslContext(tls);
            }
        }
    }
}
