package dev.weir.ingest.kubernetes;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The client's own mock of an API server, which keeps what it is given; it may refuse, and can be stopped and started. */
public final class FakeApiServer implements AutoCloseable {
    /** Of each request: its path with parameters, and its Authorization header. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    private final Objects objects = new Objects();
    private KubernetesMockServer server = started(0);
    private @Nullable KubernetesClient client;
    private final AtomicInteger turns = new AtomicInteger();
    private volatile int refusal;

    public String url() {
        return "http://localhost:" + server.getPort();
    }

    /** Puts objects into the cluster, and takes them out. */
    public KubernetesClient client() {
        KubernetesClient made = client;
        if (made == null) {
            made = server.createClient(builder -> builder.withHttpClientFactory(new JdkHttpClientFactory()));
            client = made;
        }
        return made;
    }

    /** @param yaml an object of version v1, less its version */
    public void put(String yaml) {
        client().resource("apiVersion: v1\n" + yaml).create();
    }

    /** Puts an object into the cluster, byte for byte as it is written; the client would leave out what is null. */
    void putAsWritten(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(answer.statusCode() + ": " + answer.body());
        }
    }

    /**
     * Changes a pod's annotation {@code turn}. Whoever must know that a watch has begun does this until it is seen: the mock
     * does not tell a watch what happened before it.
     */
    public void touch(String namespace, String pod) {
        client().pods()
                .inNamespace(namespace)
                .withName(pod)
                .edit(old -> new PodBuilder(old)
                        .editMetadata()
                        .addToAnnotations("turn", Integer.toString(turns.incrementAndGet()))
                        .endMetadata()
                        .build());
    }

    /** Answers everything with {@code status}, until it is 0. */
    void refuse(int status) {
        refusal = status;
    }

    /** As if new. */
    void forget() {
        server.reset();
        asked.clear();
        refusal = 0;
    }

    void stop() {
        server.destroy();
    }

    void startAgain() {
        server = started(server.getPort());
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        server.destroy();
    }

    private KubernetesMockServer started(int port) {
        KubernetesMockServer made =
                new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), objects, false);
        made.start(InetAddress.getLoopbackAddress(), port);
        return made;
    }

    private final class Objects extends KubernetesCrudDispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) {
            asked.add(request.getPath() + " " + request.getHeader("Authorization"));
            if (refusal != 0) {
                return new MockResponse().setResponseCode(refusal);
            }
            return super.dispatch(request);
        }
    }
}
