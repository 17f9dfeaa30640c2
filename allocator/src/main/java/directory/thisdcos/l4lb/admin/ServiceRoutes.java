package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.Ordering;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import directory.thisdcos.l4lb.source.api.InvalidDocumentException;
import directory.thisdcos.l4lb.source.api.ServiceDocument;
import directory.thisdcos.l4lb.source.api.ServicePath;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Virtual services, and those that clients declare themselves. */
final class ServiceRoutes {
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;

    private final AdminView view;
    private final NameRoutes names;

    ServiceRoutes(AdminView view) {
        this.view = view;
        this.names = new NameRoutes(view.names());
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/services", this::list);
        routes.get("/v1/services/{service}", this::get);
        routes.put("/v1/services/{service}", this::put);
        routes.delete("/v1/services/{service}", this::delete);
    }

    private void list(Context context) throws IOException {
        String text = Optional.ofNullable(context.queryParam("text")).orElse("");
        String framework = context.queryParam("framework");
        List<VipsJson.Entry> all = VipsJson.entries(view.table().get())
                .filter(entry -> entry.mentions(text))
                .filter(entry -> framework == null || entry.isOf(framework))
                .sorted(Comparator.comparing(VipsJson.Entry::key))
                .toList();
        List<VipsJson.Entry> part = Page.of(context).cut(context, all, VipsJson.Entry::key);
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (VipsJson.Entry entry : part) {
                VipsJson.writeService(entry.vip(), entry.service(), out);
            }
            out.writeEndArray();
        });
    }

    private void get(Context context) throws IOException {
        if (NameRoutes.isServiceName(context.pathParam("service"))) {
            names.services(context);
            return;
        }
        ServiceKey key = key(context);
        byte[] body = body(view.newest(), key).orElseThrow(() -> none(key));
        if (!EntityTag.of(body).isKnownTo(context)) {
            context.contentType("application/json").result(body);
        }
    }

    private static void write(Context context, State table, ServiceKey key) throws IOException {
        byte[] body = body(table, key).orElseThrow(() -> none(key));
        context.header("ETag", EntityTag.of(body).text());
        context.contentType("application/json").result(body);
    }

    private static Optional<byte[]> body(State table, ServiceKey key) throws IOException {
        Optional<Vip> vip = table.vip(key.target());
        Optional<VirtualService> service = vip.flatMap(found -> found.service(key));
        if (vip.isEmpty() || service.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(JsonAnswer.bytes(out -> VipsJson.writeService(vip.get(), service.get(), out)));
    }

    /** Who, why, and which version of the service they know. */
    private static Ordering ordering(Context context, ServiceKey key) {
        return new Ordering(Audit.cause(context), Precondition.of(context).on(table -> version(table, key)));
    }

    private static Optional<EntityTag> version(State table, ServiceKey key) {
        try {
            return body(table, key).map(EntityTag::of);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApiException none(ServiceKey key) {
        return new ApiException(
                404,
                "no such service",
                "service",
                "there is no virtual service " + key + "; GET /v1/services lists all");
    }

    private void put(Context context) throws IOException {
        ServiceKey key = key(context);
        ServiceDocument document = document(context, key);
        AllocatorControl control = Commitment.control(view.allocator());
        Commitment.requireLeader(control);
        requireFreeAddresses(document);
        Optional<byte[]> before = body(view.newest(), key);
        boolean isNew = !isDeclared(view.newest(), document);
        State table = Commitment.await(control.put(document, ordering(context, key)));
        if (!isDeclared(table, document)) {
            ApiException refusal = refused(key);
            // It must not wait for a better time: its client is told that it was refused.
            control.delete(key, document.owner(), new Ordering(Audit.cause(context)))
                    .ifPresent(Commitment::await);
            throw refusal;
        }
        Audit.changed(context, before, body(table, key));
        context.status(isNew ? CREATED : 200);
        write(context, table, key);
    }

    /** The table has one backend for each address; the second owner's would be lost with the process. */
    private void requireFreeAddresses(ServiceDocument document) {
        view.newest().service(document.key()).ifPresent(service -> {
            for (Endpoint address : document.addresses()) {
                Backend held = service.backends().get(address);
                if (held != null
                        && held.source().equals(ServiceDocument.SOURCE)
                        && !held.task().equals(document.owner())) {
                    throw new ApiException(
                            409,
                            "owned by another",
                            "backends",
                            address + " was put by '" + held.task() + "'; leave it out, or delete it there first");
                }
            }
        });
    }

    private ApiException refused(ServiceKey key) {
        String reason = view.problems().entries().stream()
                .map(ProblemBoard.Entry::problem)
                .filter(problem -> problem.subject().contains(key.target().text()))
                .map(Problem::message)
                .findFirst()
                .orElse("GET /v1/problems says why");
        return new ApiException(409, "refused", "service", key + " is not in the table: " + reason);
    }

    private static boolean isDeclared(State table, ServiceDocument document) {
        return table.service(document.key()).stream()
                .flatMap(service -> service.spec().origins().stream())
                .anyMatch(origin -> origin.source().equals(ServiceDocument.SOURCE)
                        && origin.owner().equals(document.owner()));
    }

    private void delete(Context context) throws IOException {
        ServiceKey key = key(context);
        String owner = Optional.ofNullable(context.queryParam("owner")).orElse(ServiceDocument.SOURCE);
        AllocatorControl control = Commitment.control(view.allocator());
        Commitment.requireLeader(control);
        Optional<byte[]> before = body(view.newest(), key);
        CompletableFuture<State> committed = control.delete(key, owner, ordering(context, key))
                .orElseThrow(() -> new ApiException(
                        404,
                        "not declared here",
                        "owner",
                        "'" + owner + "' put nothing for " + key + " through this API" + owners(key)));
        Audit.changed(context, before, body(Commitment.await(committed), key));
        context.status(NO_CONTENT);
    }

    private String owners(ServiceKey key) {
        List<String> owners = view.newest().service(key).stream()
                .flatMap(service -> service.spec().origins().stream())
                .filter(origin -> origin.source().equals(ServiceDocument.SOURCE))
                .map(Origin::owner)
                .sorted()
                .toList();
        return owners.isEmpty() ? "" : "; those who did: " + String.join(", ", owners);
    }

    private static ServiceKey key(Context context) {
        try {
            return ServicePath.parse(context.pathParam("service"), Optional.ofNullable(context.queryParam("protocol")));
        } catch (InvalidDocumentException e) {
            throw wrong(e);
        }
    }

    private static ServiceDocument document(Context context, ServiceKey key) {
        try {
            return ServiceDocument.read(key, context.bodyAsBytes());
        } catch (InvalidDocumentException e) {
            throw wrong(e);
        }
    }

    private static ApiException wrong(InvalidDocumentException e) {
        String place = e.field().isEmpty() ? "" : e.field() + ": ";
        return new ApiException(400, "wrong request", e.field(), place + e.getMessage());
    }
}
