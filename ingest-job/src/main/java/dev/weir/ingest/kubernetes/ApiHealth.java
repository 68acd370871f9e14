package dev.weir.ingest.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with an API server, by what it was asked for: the newest answer to each list and each watch counts. Sees
 * every request, since the client tries again by itself and says so only in its log. Safe for use by several threads.
 */
final class ApiHealth implements Interceptor {
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Map<String, String> problems = new ConcurrentSkipListMap<>();

    /** One line for each list or watch that does not work; empty if all do. */
    List<String> problems() {
        return List.copyOf(problems.values());
    }

    void failed(URI uri, String why) {
        problems.put(key(uri), place(uri) + ": " + why);
    }

    @Override
    public void after(
            HttpRequest request, HttpResponse<?> response, AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
        if (response.isSuccessful() || response.code() == SWITCHING_PROTOCOLS) {
            problems.remove(key(request.uri()));
        } else {
            failed(
                    request.uri(),
                    "status " + response.code()
                            + switch (response.code()) {
                                case 401 -> " (expected: credentials that the API server knows)";
                                case 403 -> " (expected: a role that may list and watch them)";
                                default -> "";
                            });
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getMessage() == null) {
            cause = cause.getCause();
        }
        failed(request.uri(), cause.toString());
    }

    private static String key(URI uri) {
        return uri.getPath() + (isWatch(uri) ? " watch" : "");
    }

    private static String place(URI uri) {
        return (isWatch(uri) ? "watch of " : "list of ") + uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    private static boolean isWatch(URI uri) {
        return uri.getQuery() != null && uri.getQuery().contains("watch=true");
    }
}
