package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What {@code dcos kafka connection} printed: how clients of a framework reach it. */
final class ConnectionRoute {
    /** DC/OS services name their tasks' ids NAME__UUID; dcos-net gave each task this name. */
    private static final String TASK_SEPARATOR = "__";

    private static final String TASK_ZONE = ".autoip.dcos.thisdcos.directory";

    private final Supplier<State> table;
    private final Optional<DnsNames> names;
    private final FrameworkZooKeepers zooKeepers;

    ConnectionRoute(AdminView view) {
        this.table = view.table();
        this.names = view.names();
        this.zooKeepers = view.zooKeepers();
    }

    void register(RoutesConfig routes) {
        // A framework's name may hold slashes.
        routes.get("/v1/services/<framework>/connection", this::connection);
    }

    private void connection(Context context) throws IOException {
        String framework = context.pathParam("framework");
        String wanted = context.queryParam("vip");
        List<VirtualService> services = table.get()
                .vips()
                .filter(Vip::isLive)
                .flatMap(vip -> vip.services().stream())
                .filter(service ->
                        service.spec().origins().stream().map(Origin::framework).anyMatch(framework::equals))
                .sorted(Comparator.comparing(service -> service.key().vip()))
                .toList();
        if (services.isEmpty()) {
            throw new ApiException(
                    404,
                    "no such framework",
                    "framework",
                    "no virtual service is declared by the framework '" + framework
                            + "'; GET /v1/services shows each service's frameworks in its origins");
        }
        List<VirtualService> chosen = services.stream()
                .filter(service -> wanted == null || service.key().vip().equals(wanted))
                .toList();
        if (chosen.size() != 1) {
            throw new ApiException(
                    wanted == null ? 400 : 404,
                    "which service",
                    "vip",
                    "choose one of the framework's virtual services with ?vip=: "
                            + services.stream()
                                    .map(service -> service.key().vip())
                                    .distinct()
                                    .collect(Collectors.joining(", ")));
        }
        JsonAnswer.write(context, out -> write(framework, chosen.get(0), out));
    }

    private void write(String framework, VirtualService service, JsonGenerator out) throws IOException {
        List<Backend> backends = service.backends().values().stream()
                .sorted(Comparator.comparing(Backend::task).thenComparing(Backend::address))
                .toList();
        out.writeStartObject();
        out.writeArrayFieldStart("address");
        for (Backend backend : backends) {
            out.writeString(backend.address().toString());
        }
        out.writeEndArray();
        out.writeArrayFieldStart("dns");
        for (String name : names(framework, service, backends)) {
            out.writeString(name);
        }
        out.writeEndArray();
        out.writeStringField("vip", service.key().vip());
        Optional<String> zooKeeper = zooKeepers.of(framework);
        if (zooKeeper.isPresent()) {
            out.writeStringField("zookeeper", zooKeeper.get());
        }
        out.writeEndObject();
    }

    /** Names of the tasks that this process answers, from a zone of the operator's; else the service's, if it has one. */
    private List<String> names(String framework, VirtualService service, List<Backend> backends) {
        List<String> found = backends.stream()
                .filter(backend -> backend.task().indexOf(TASK_SEPARATOR) > 0)
                .map(backend -> new Endpoint(
                        backend.task().substring(0, backend.task().indexOf(TASK_SEPARATOR)) + "." + framework
                                + TASK_ZONE,
                        backend.address().port()))
                .filter(this::isAnswered)
                .map(Endpoint::toString)
                .toList();
        return found.isEmpty() && service.key().target() instanceof ServiceName
                ? List.of(service.key().vip())
                : found;
    }

    private boolean isAnswered(Endpoint task) {
        try {
            return names.isPresent() && !names.get().ask(task.name, "A").isEmpty();
        } catch (IllegalArgumentException e) {
            // A framework may be called what no domain name can be.
            return false;
        }
    }

    private record Endpoint(String name, int port) {
        @Override
        public String toString() {
            return name + ":" + port;
        }
    }
}
