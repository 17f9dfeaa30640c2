package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** Prints what changes among the virtual services. An unchanged table costs the server a comparison of tags. */
final class VipWatch {
    private static final int NOT_MODIFIED = 304;

    private final Api api;
    private final String path;
    private final PrintWriter out;
    private final int intervalMillis;
    private Map<String, JsonNode> shown = new TreeMap<>();

    VipWatch(Api api, String path, PrintWriter out, int intervalMillis) {
        this.api = api;
        this.path = path;
        this.out = out;
        this.intervalMillis = intervalMillis;
    }

    int run() throws CommandFailedException, InterruptedException {
        String tag = "";
        while (true) {
            Api.Answer answer = api.send("GET", path, "", tag.isEmpty() ? Map.of() : Map.of("If-None-Match", tag));
            if (answer.status() != NOT_MODIFIED) {
                tag = answer.etag().orElse("");
                show(answer.body());
            }
            Thread.sleep(intervalMillis);
        }
    }

    private void show(JsonNode services) {
        Map<String, JsonNode> now = new TreeMap<>();
        for (JsonNode service : services) {
            now.put(
                    service.path("vip").asText() + " "
                            + service.path("protocol").asText(),
                    service);
        }
        shown.forEach((key, service) -> {
            if (!now.containsKey(key)) {
                out.println("- " + key);
            }
        });
        now.forEach((key, service) -> {
            JsonNode before = shown.get(key);
            if (!service.equals(before)) {
                out.println((before == null ? "+ " : "~ ") + key + "  " + VipTables.addresses(service) + "  "
                        + VipTables.eligible(service) + "/"
                        + service.path("backend").size() + " backends");
            }
        });
        out.flush();
        shown = now;
    }
}
