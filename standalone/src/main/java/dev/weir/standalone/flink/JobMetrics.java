package dev.weir.standalone.flink;

import dev.weir.queryserver.telemetry.FurtherMetrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The jobs' metrics for the query server to tell, once the jobs are there; nothing before, and while they do not answer. */
public final class JobMetrics implements FurtherMetrics {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private volatile @Nullable URI url;

    /** @param metrics where the jobs tell them, as text */
    public void areAt(URI metrics) {
        url = metrics;
    }

    @Override
    public String text() {
        URI known = url;
        if (known == null) {
            return "";
        }
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(known).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
