package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** DNS over HTTP as dcos-net had it (dcos_rest_dns_handler.erl): the fields, their order and their types are its own. */
final class NameRoutes {
    private final Optional<DnsNames> names;

    NameRoutes(Optional<DnsNames> names) {
        this.names = names;
    }

    void register(RoutesConfig routes) {
        routes.get("/v1/records", this::records);
        routes.get("/v1/hosts/{host}", this::hosts);
    }

    private void records(Context context) throws IOException {
        Iterator<DnsNames.Entry> all = names().all().iterator();
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            while (all.hasNext()) {
                DnsNames.Entry entry = all.next();
                out.writeStartObject();
                out.writeStringField("name", entry.name());
                out.writeStringField("host", entry.port() == 0 ? entry.host() : entry.host() + ":" + entry.port());
                out.writeStringField("rtype", entry.type());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    private void hosts(Context context) throws IOException {
        List<DnsNames.Entry> addresses = ask(context.pathParam("host"), "A", "host");
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (DnsNames.Entry entry : addresses) {
                out.writeStartObject();
                out.writeStringField("host", entry.name());
                out.writeStringField("ip", entry.host());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** Whether a path of {@code /v1/services} asks for SRV records, as dcos-net's do. */
    static boolean isServiceName(String text) {
        return text.startsWith("_");
    }

    void services(Context context) throws IOException {
        List<DnsNames.Entry> services = ask(context.pathParam("service"), "SRV", "service");
        JsonAnswer.write(context, out -> {
            out.writeStartArray();
            for (DnsNames.Entry entry : services) {
                write(entry, out);
            }
            out.writeEndArray();
        });
    }

    private void write(DnsNames.Entry entry, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("host", entry.host());
        out.writeNumberField("port", entry.port());
        out.writeStringField("service", entry.name());
        Optional<DnsNames.Entry> target =
                ask(entry.host(), "A", "service").stream().findFirst();
        if (target.isPresent()) {
            out.writeStringField("ip", target.get().host());
        }
        out.writeEndObject();
    }

    private List<DnsNames.Entry> ask(String name, String type, String field) {
        try {
            return names().ask(name, type);
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "wrong parameter", field, String.valueOf(e.getMessage()));
        }
    }

    private DnsNames names() {
        return names.orElseThrow(() -> new ApiException(
                404, "no DNS server", "", "this process serves no names; ask one that runs `l4lb node`"));
    }
}
