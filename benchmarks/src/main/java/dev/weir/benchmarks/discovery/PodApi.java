package dev.weir.benchmarks.discovery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * As much of an API server as the discovery of pods needs: lists in parts, and a watch over a plain HTTP answer. Its pods are as
 * large as those of a serving fleet. A change is a pod that is replaced by another.
 */
final class PodApi {
    private static final String FIELDS = IntStream.range(0, 60)
            .mapToObj(i -> "\"f:field" + i + "\":{\".\":{},\"f:a\":{},\"f:b\":{},\"f:c\":{}},")
            .collect(Collectors.joining());
    private static final String ENVIRONMENT =
            "{\"name\":\"SETTING_OF_THE_ENGINE\",\"value\":\"a value as they are\"},".repeat(24);

    private final int pods;
    private final AtomicInteger version = new AtomicInteger(1);
    private final AtomicInteger next;
    private final AtomicInteger oldest = new AtomicInteger();
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>(1_000_000);

    private PodApi(int pods) {
        this.pods = pods;
        this.next = new AtomicInteger(pods);
    }

    /** Serves so many pods; prints its port. */
    public static void main(String[] args) throws IOException {
        PodApi api = new PodApi(Integer.parseInt(args[0]));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/api/v1/pods", api::answer);
        server.createContext("/replace", exchange -> {
            int count = Integer.parseInt(exchange.getRequestURI().getQuery());
            for (int i = 0; i < count; i++) {
                api.replaceOne();
            }
            send(exchange, 200, "");
        });
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void replaceOne() {
        events.add(event("DELETED", oldest.getAndIncrement()));
        events.add(event("ADDED", next.getAndIncrement()));
    }

    private String event(String type, int pod) {
        return "{\"type\":\"" + type + "\",\"object\":" + pod(pod, version.incrementAndGet()) + "}\n";
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> params = new TreeMap<>();
        for (String pair : String.valueOf(exchange.getRequestURI().getQuery()).split("&")) {
            int at = pair.indexOf('=');
            params.put(at < 0 ? pair : pair.substring(0, at), at < 0 ? "" : pair.substring(at + 1));
        }
        if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))) {
            // The client then watches by a plain request.
            send(exchange, 503, "");
        } else if (params.containsKey("watch")) {
            watch(exchange);
        } else {
            list(exchange, params);
        }
    }

    private void list(HttpExchange exchange, Map<String, String> params) throws IOException {
        int from = Integer.parseInt(params.getOrDefault("continue", "0"));
        int to = Math.min(pods, from + Integer.parseInt(params.getOrDefault("limit", Integer.toString(pods))));
        StringBuilder list = new StringBuilder("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{");
        list.append("\"resourceVersion\":\"1\"").append(to < pods ? ",\"continue\":\"" + to + "\"" : "");
        list.append("},\"items\":[");
        for (int i = from; i < to; i++) {
            list.append(i == from ? "" : ",").append(pod(i, 1));
        }
        send(exchange, 200, list.append("]}").toString());
    }

    private void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.flush();
            while (true) {
                out.write(events.take().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static String pod(int number, int version) {
        String pipeline = "chat-" + number % 100;
        String name = pipeline + "-7c9d8b6f5-" + Integer.toString(number, 36);
        String ip = "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","namespace":"inference-%2$d","uid":"uid-%3$d",\
                "resourceVersion":"%4$d","generateName":"%5$s-7c9d8b6f5-","creationTimestamp":"2026-03-01T12:00:00Z",\
                "labels":{"app.kubernetes.io/name":"vllm","app.kubernetes.io/instance":"%5$s","pipeline_name":"%5$s",\
                "pod-template-hash":"7c9d8b6f5","model":"llama-3-8b"},"annotations":{"prometheus.io/scrape":"true",\
                "prometheus.io/port":"8000","kubectl.kubernetes.io/restartedAt":"2026-03-01T12:00:00Z"},\
                "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"%5$s-7c9d8b6f5","uid":"r-%2$d",\
                "controller":true,"blockOwnerDeletion":true}],"managedFields":[{"manager":"kube-controller-manager",\
                "operation":"Update","apiVersion":"v1","time":"2026-03-01T12:00:00Z","fieldsType":"FieldsV1",\
                "fieldsV1":{%6$s"f:end":{}}}]},"spec":{"nodeName":"node-%7$d","serviceAccountName":"default",\
                "restartPolicy":"Always","volumes":[{"name":"models","persistentVolumeClaim":{"claimName":"models"}}],\
                "containers":[{"name":"engine","image":"vllm/vllm-openai:v0.9.1","args":["--model","llama"],\
                "ports":[{"name":"http","containerPort":8000,"protocol":"TCP"}],"env":[%8$s{"name":"END","value":""}],\
                "resources":{"limits":{"nvidia.com/gpu":"1","memory":"64Gi"}},"volumeMounts":[{"name":"models",\
                "mountPath":"/models"}]}],"tolerations":[{"key":"nvidia.com/gpu","operator":"Exists"}]},\
                "status":{"phase":"Running","podIP":"%9$s","hostIP":"192.168.0.1","conditions":[{"type":"Ready",\
                "status":"True","lastTransitionTime":"2026-03-01T12:01:00Z"},{"type":"PodScheduled","status":"True"},\
                {"type":"Initialized","status":"True"},{"type":"ContainersReady","status":"True"}],\
                "containerStatuses":[{"name":"engine","containerID":"containerd://%3$d","image":"vllm/vllm-openai:v0.9.1",\
                "imageID":"sha256:0","ready":true,"restartCount":0,"state":{"running":{}}}]}}""".formatted(name, number % 20, number, version, pipeline, FIELDS, number % 1_000, ENVIRONMENT, ip);
    }
}
