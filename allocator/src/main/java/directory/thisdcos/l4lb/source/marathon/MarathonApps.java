package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Faults;
import directory.thisdcos.l4lb.source.json.Json;
import java.util.List;

/** Reads Marathon apps with their embedded tasks. */
public final class MarathonApps {

    private static final List<String> APP_FIELDS = List.of(
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
            "tasks");

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
     * Reads an app, an array of apps, or an object with {@code apps} and {@code groups} or with one {@code app}.
     *
     * @param name the document's name in problems, such as its path
     */
    public void read(Json document, String name, DeclarationBuilder out) {
        if (document.isArray()) {
            document.items().forEach(item -> read(item, name, out));
        } else if (document.has("apps") || document.has("groups")) {
            document.get("apps").items().forEach(app -> readApp(app, name, out));
            document.get("groups").items().forEach(group -> read(group, name, out));
        } else {
            boolean isAnswer = document.isObject() && document.get("app").isObject();
            readApp(isAnswer ? document.get("app") : document, name, out);
        }
    }

    private void readApp(Json app, String document, DeclarationBuilder out) {
        if (!app.isObject() || APP_FIELDS.stream().noneMatch(app::has)) {
            app.fault(
                    "unknown-document",
                    "neither a Marathon app, nor an array of apps, nor {\"apps\":[...]}, nor a Mesos GET_STATE answer");
            return;
        }
        String id = app.get("id").text().orElse("");
        Faults faults = (kind, path, message) -> out.report(new Problem(kind, subject(document, id, path), message));
        Json reported = app.reportingTo(faults);
        if (app.get("containers").isPresent()) {
            reported.get("containers").fault("unknown-document", "this is a pod; only apps are read from files");
            return;
        }
        AppPorts ports = new AppPorts(reported, AppNetwork.of(reported), framework);
        List<AppPort> wanted = ports.withVips();
        new UnreadLabels(ports.labelPlacesRead()).report(reported);
        if (wanted.isEmpty()) {
            return;
        }
        String owner = id.isEmpty() ? document : id;
        for (AppPort port : wanted) {
            port.vips().forEach(vip -> out.declare(vip.key(), new Origin(source, framework, owner, vip.value())));
        }
        AppBackends backends = new AppBackends(source, wanted, out);
        boolean checked = !reported.get("healthChecks").items().isEmpty();
        for (Json task : reported.get("tasks").items()) {
            AppTask.read(task, checked, hosts).ifPresent(instance -> {
                instance.hostIp().ifPresent(out::addNode);
                backends.add(instance, ports);
            });
        }
    }

    private static String subject(String document, String id, String path) {
        String place = (id + " " + path).strip();
        return place.isEmpty() ? document : document + ": " + place;
    }
}
