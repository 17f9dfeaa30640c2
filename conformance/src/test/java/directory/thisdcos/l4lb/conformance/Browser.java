package directory.thisdcos.l4lb.conformance;

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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A headless Chromium, over its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Windows' numbers of keys, which Chromium's default actions go by. */
    private static final Map<String, Integer> KEYS = Map.of(
            "Tab",
            9,
            "Enter",
            13,
            "Escape",
            27,
            " ",
            32,
            "End",
            35,
            "Home",
            36,
            "ArrowUp",
            38,
            "ArrowDown",
            40,
            "/",
            191);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> waiting;
    private final Queue<String> complaints;
    private int id;

    private Browser(
            Process process,
            WebSocket socket,
            Map<Integer, CompletableFuture<JsonNode>> waiting,
            Queue<String> complaints) {
        this.process = process;
        this.socket = socket;
        this.waiting = waiting;
        this.complaints = complaints;
    }

    static Browser start(Path temp) throws Exception {
        Path profile = temp.resolve("profile");
        Process process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("chromium.log").toFile())
                .start();
        Path file = profile.resolve("DevToolsActivePort");
        Await.until(
                "chromium",
                LIMIT,
                () -> Files.exists(file) && Files.readAllLines(file).size() > 1);
        String port = Files.readAllLines(file).get(0);
        HttpClient http = HttpClient.newHttpClient();
        String targets = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        String page = "";
        for (JsonNode target : JSON.readTree(targets)) {
            page = target.path("type").asText().equals("page")
                    ? target.path("webSocketDebuggerUrl").asText()
                    : page;
        }
        Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
        Queue<String> complaints = new ConcurrentLinkedQueue<>();
        WebSocket socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(page), new Messages(waiting, complaints))
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        Browser browser = new Browser(process, socket, waiting, complaints);
        browser.call("Log.enable", Map.of());
        browser.call("Runtime.enable", Map.of());
        return browser;
    }

    /** Gathers frames to messages: answers by their number, and what the console complains of. */
    private static final class Messages implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> waiting;
        private final Queue<String> complaints;
        private final StringBuilder text = new StringBuilder();

        Messages(Map<Integer, CompletableFuture<JsonNode>> waiting, Queue<String> complaints) {
            this.waiting = waiting;
            this.complaints = complaints;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                message(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void message(String json) {
            try {
                JsonNode message = JSON.readTree(json);
                CompletableFuture<JsonNode> answer =
                        waiting.remove(message.path("id").asInt());
                if (answer != null) {
                    answer.complete(message);
                }
                String method = message.path("method").asText();
                boolean error = message.at("/params/entry/level").asText().equals("error");
                if (method.equals("Runtime.exceptionThrown") || (method.equals("Log.entryAdded") && error)) {
                    complaints.add(json);
                }
            } catch (IOException e) {
                complaints.add(e.toString());
            }
        }
    }

    private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
        id++;
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText(message.toString(), true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        JsonNode result = answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (result.has("error")) {
            throw new AssertionError(method + ": " + result);
        }
        return result.path("result");
    }

    void open(String url) throws Exception {
        call("Page.navigate", Map.of("url", url));
    }

    void size(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    /** The value of an expression, as text. */
    String evaluate(String expression) throws Exception {
        return call("Runtime.evaluate", Map.of("expression", expression))
                .at("/result/value")
                .asText();
    }

    String text(String selector) throws Exception {
        return evaluate("document.querySelector(\"" + selector + "\")?.innerText ?? ''");
    }

    /** A real click of the left button, in the middle of what the selector finds. */
    void click(String selector) throws Exception {
        String[] at = evaluate("(() => { const box = document.querySelector(\"" + selector
                        + "\").getBoundingClientRect();"
                        + " return (box.x + box.width / 2) + ' ' + (box.y + box.height / 2); })()")
                .split(" ", -1);
        for (String type : new String[] {"mousePressed", "mouseReleased"}) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            Double.parseDouble(at[0]),
                            "y",
                            Double.parseDouble(at[1]),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Puts a text into a field in place of what it holds. */
    void type(String selector, String text) throws Exception {
        evaluate("(() => { const field = document.querySelector(\"" + selector + "\"); field.value = '';"
                + " field.focus(); field.dispatchEvent(new Event('input')); })()");
        if (!text.isEmpty()) {
            call("Input.insertText", Map.of("text", text));
        }
    }

    /** Presses and releases a real key, by its name in the DOM: {@code Tab}, {@code Escape}, {@code /}. */
    void press(String key) throws Exception {
        int code = KEYS.containsKey(key) ? KEYS.get(key) : 0;
        String text = key.equals("Enter") ? "\r" : key.length() == 1 ? key : "";
        Map<String, Object> down = Map.of(
                "type",
                text.isEmpty() ? "rawKeyDown" : "keyDown",
                "key",
                key,
                "text",
                text,
                "windowsVirtualKeyCode",
                code);
        call("Input.dispatchKeyEvent", down);
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** Types where the focus is. */
    void insert(String text) throws Exception {
        call("Input.insertText", Map.of("text", text));
    }

    /** @param scheme {@code light} or {@code dark} */
    void prefer(String scheme) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** What a screen reader is told: {@code role name} of each element that is not ignored, in order. */
    List<String> accessibility() throws Exception {
        List<String> told = new ArrayList<>();
        for (JsonNode node : call("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
            if (!node.path("ignored").asBoolean()) {
                told.add(node.at("/role/value").asText() + " "
                        + node.at("/name/value").asText());
            }
        }
        return told;
    }

    void screenshot(Path file) throws Exception {
        String data = call("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asText();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    String complaints() {
        return String.join("\n", complaints);
    }

    /** Its helpers write into the profile until they are gone too. */
    @Override
    public void close() {
        socket.abort();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(one -> one.onExit().join());
    }
}
