package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.List;

/** Reads documents of Marathon apps with their embedded tasks, and of pods. */
public final class MarathonApps {

    private static final List<String> FIELDS = List.of(
            "id",
            "cmd",
            "args",
            "container",
            "portDefinitions",
            "ports",
            "networks",
            "ipAddress",
            "labels",
            "env",
            "instances",
            "tasks",
            "containers",
            "spec");

    private final String source;
    private final String framework;
    private final HostAddresses hosts;

    /**
     * @param source the id that backends and origins carry
     * @param framework Marathon's framework name, the second part of every name
     */
    public MarathonApps(String source, String framework, HostAddresses hosts) {
        this.source = source;
        this.framework = framework;
        this.hosts = hosts;
    }

    /**
     * Reads an app, a pod, a pod's status, an array of those, or an object with {@code apps}, {@code pods} and
     * {@code groups} or with one {@code app}.
     *
     * @param name the document's name in problems, such as its path
     */
    public void read(Json document, String name, DeclarationBuilder out) {
        if (document.isArray()) {
            document.items().forEach(item -> read(item, name, out));
        } else if (document.has("apps") || document.has("groups") || document.has("pods")) {
            document.get("apps").items().forEach(app -> readOne(app, name, out));
            document.get("pods").items().forEach(pod -> readOne(pod, name, out));
            document.get("groups").items().forEach(group -> read(group, name, out));
        } else {
            boolean isAnswer = document.isObject() && document.get("app").isObject();
            readOne(isAnswer ? document.get("app") : document, name, out);
        }
    }

    private void readOne(Json json, String document, DeclarationBuilder out) {
        if (!json.isObject() || FIELDS.stream().noneMatch(json::has)) {
            json.fault(
                    "unknown-document",
                    "neither a Marathon app or pod, nor an array of them, nor {\"apps\":[...]}, nor a Mesos GET_STATE"
                            + " answer");
            return;
        }
        RunSpecReader reader = new RunSpecReader(document, framework);
        boolean isPod = json.has("containers") || json.has("spec");
        (isPod ? reader.pod(json) : reader.app(json)).declare(source, hosts, out);
    }
}
