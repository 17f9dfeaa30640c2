package directory.thisdcos.l4lb.source;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonText;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import directory.thisdcos.l4lb.source.marathon.MarathonApps;
import directory.thisdcos.l4lb.source.mesos.MesosState;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/** Reads JSON that a test holds as text; single quotes stand for double ones. */
public final class Documents {
    private Documents() {}

    /** Knows the names that end in {@code .known} at 10.0.0.99. */
    public static HostAddresses hosts() {
        return new HostAddresses(
                host -> host.endsWith(".known") ? List.of(Ip.of("10.0.0.99")) : List.of(), InstantSource.system());
    }

    public static Declarations marathon(String json) {
        DeclarationBuilder out = new DeclarationBuilder();
        new MarathonApps("apps:test", "marathon", hosts()).read(root(json, out), "app.json", out);
        return out.build();
    }

    public static Declarations mesos(String json) {
        DeclarationBuilder out = new DeclarationBuilder();
        new MesosState("apps:test", hosts()).read(root(json, out), "state.json", out);
        return out.build();
    }

    private static Json root(String json, DeclarationBuilder out) {
        try {
            return JsonText.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                    .root((kind, path, message) -> out.report(new Problem(kind, path, message)));
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code vip/protocol}, sorted. */
    public static List<String> vips(Declarations declared) {
        return List.copyOf(Corpus.vips(declared));
    }

    /** {@code address/container w=weight health} of all backends, sorted. */
    public static List<String> backends(Declarations declared) {
        return declared.services().values().stream()
                .flatMap(service -> service.backends().stream())
                .map(Documents::text)
                .sorted()
                .toList();
    }

    private static String text(Backend backend) {
        return backend.address()
                + backend.container().map(inner -> "/" + inner).orElse("") + " w=" + backend.weight() + " "
                + backend.health().text();
    }

    /** {@code kind subject} of all problems. */
    public static List<String> problems(Declarations declared) {
        return declared.problems().stream()
                .map(problem -> problem.kind() + " " + problem.subject())
                .toList();
    }
}
