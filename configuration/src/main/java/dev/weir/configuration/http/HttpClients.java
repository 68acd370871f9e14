package dev.weir.configuration.http;

import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.tls.TlsContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * One HTTP client for each way of talking TLS, made anew when one of its files has changed, so that rotated certificates
 * take effect within {@link #FILE_CHECK}. Safe for use by several threads.
 */
public final class HttpClients {
    static final Duration FILE_CHECK = Duration.ofSeconds(30);

    private final Executor executor;
    private final Map<TlsConfig, Entry> entries = new ConcurrentHashMap<>();

    public HttpClients(Executor executor) {
        this.executor = executor;
    }

    /**
     * The client for {@code tls}.
     *
     * @throws IOException if a certificate or key cannot be read; the message names its file
     */
    public HttpClient client(TlsConfig tls) throws IOException {
        Entry entry = entries.get(tls);
        long nowNs = System.nanoTime();
        if (entry != null && nowNs - entry.checkedNs() < FILE_CHECK.toNanos()) {
            return entry.client();
        }
        String files = TlsContext.stateOfFiles(tls);
        HttpClient client = entry != null && entry.files().equals(files) ? entry.client() : make(tls);
        // Two threads may both make one; the later one is kept, the other serves its request.
        entries.put(tls, new Entry(client, files, nowNs));
        return client;
    }

    private HttpClient make(TlsConfig tls) throws IOException {
        return HttpClient.newBuilder()
                .executor(executor)
                // HTTP/2 would add an Upgrade header to each plain request, which some engines refuse.
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(TlsContext.of(tls))
                .build();
    }

    private record Entry(HttpClient client, String files, long checkedNs) {}
}
