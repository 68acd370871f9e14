package dev.weir.queryserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by the DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 20;

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> requested = new CopyOnWriteArrayList<>();

    private Browser(Process process, URI page) {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Inbox())
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Where Chromium is, if it is on the PATH. */
    static Optional<Path> program() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path program, Path profile) throws IOException {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--no-first-run",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolveSibling("browser.log").toFile())
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        await(
                "DevTools",
                () -> process.isAlive() && Files.exists(port) && !lines(port).isEmpty());
        URI list = URI.create("http://127.0.0.1:" + lines(port).get(0) + "/json/list");
        String[] page = {""};
        await("a page", () -> {
            page[0] = firstPage(list);
            return !page[0].isEmpty();
        });
        Browser browser = new Browser(process, URI.create(page[0]));
        Stream.of("Page", "Runtime", "Log", "Network").forEach(domain -> browser.send(domain + ".enable", Map.of()));
        return browser;
    }

    /** A new page of a window of this size, with nothing of the former ones. */
    void open(String url, int width, int height, boolean isPhone, boolean isDark) {
        goTo("about:blank");
        complaints.clear();
        requested.clear();
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", isPhone ? 2 : 1, "mobile", isPhone));
        send("Emulation.setTouchEmulationEnabled", Map.of("enabled", isPhone));
        darkIs(isDark);
        goTo(url);
    }

    void darkIs(boolean isDark) {
        Map<String, String> scheme = Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light");
        send("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    }

    private void goTo(String url) {
        send("Page.navigate", Map.of("url", url));
        await(
                url,
                () -> evaluate("document.readyState + ' ' + location.href")
                        .asText()
                        .startsWith("complete " + url));
    }

    /** The value of an expression, as JSON. */
    JsonNode evaluate(String expression) {
        JsonNode answer = send(
                "Runtime.evaluate",
                Map.of("expression", expression, "returnByValue", true, "awaitPromise", true, "userGesture", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.path("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    String text(String selector) {
        return evaluate("document.querySelector('" + selector + "')?.innerText ?? ''")
                .asText();
    }

    /** Waits until an expression is true. */
    void until(String expression) {
        await(expression, () -> evaluate("Boolean(" + expression + ")").asBoolean());
    }

    void click(String selector) {
        evaluate("document.querySelector('" + selector + "').click()");
    }

    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /** @param key as KeyboardEvent.key has it */
    void press(String key) {
        String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        send("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", key, "code", key, "text", text));
        send("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
    }

    void drag(int fromX, int toX, int y) {
        mouse("mouseMoved", fromX, y, 0);
        mouse("mousePressed", fromX, y, 1);
        mouse("mouseMoved", (fromX + toX) / 2, y, 1);
        mouse("mouseMoved", toX, y, 1);
        mouse("mouseReleased", toX, y, 1);
    }

    private void mouse(String type, int x, int y, int buttons) {
        String button = buttons == 0 ? "none" : "left";
        send(
                "Input.dispatchMouseEvent",
                Map.of("type", type, "x", x, "y", y, "button", button, "buttons", buttons, "clickCount", 1));
    }

    /** Errors of the page and its console, violations of its policy among them. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Every address that the page asked for. */
    List<String> requested() {
        return List.copyOf(requested);
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode send(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        JsonNode result = answer.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        if (result.has("error")) {
            throw new AssertionError(method + ": " + result.path("error"));
        }
        return result.path("result");
    }

    private void told(JsonNode message) {
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" ->
                complaints.add(parameters
                        .path("exceptionDetails")
                        .path("exception")
                        .path("description")
                        .asText());
            case "Log.entryAdded" ->
                complaints.add(parameters.path("entry").path("text").asText() + " "
                        + parameters.path("entry").path("url").asText());
            case "Network.requestWillBeSent" ->
                requested.add(parameters.path("request").path("url").asText());
            default -> {}
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String firstPage(URI list) {
        try {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString());
            for (JsonNode target : JSON.readTree(response.body())) {
                if (target.path("type").asText().equals("page")) {
                    return target.path("webSocketDebuggerUrl").asText();
                }
            }
            return "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Messages come in pieces. */
    private final class Inbox implements WebSocket.Listener {
        private final List<CharSequence> pieces = new ArrayList<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean isLast) {
            pieces.add(data.toString());
            if (isLast) {
                String whole = String.join("", pieces);
                pieces.clear();
                try {
                    JsonNode message = JSON.readTree(whole);
                    CompletableFuture<JsonNode> answer =
                            answers.remove(message.path("id").asInt());
                    if (answer == null) {
                        told(message);
                    } else {
                        answer.complete(message);
                    }
                } catch (IOException e) {
                    complaints.add(whole);
                }
            }
            webSocket.request(1);
            return null;
        }
    }
}
