package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.ipvs.AuditReport;
import directory.thisdcos.l4lb.ipvs.Counters;
import directory.thisdcos.l4lb.ipvs.DrainStatus;
import directory.thisdcos.l4lb.ipvs.IpvsSync;
import directory.thisdcos.l4lb.ipvs.NamespaceStatus;
import directory.thisdcos.l4lb.ipvs.PlanReport;
import directory.thisdcos.l4lb.ipvs.ServiceCounters;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.probe.CheckFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The engine's state and the kernel's counters in the admin API. */
final class IpvsJson {

    private IpvsJson() {}

    /** Fields of an object that is open. */
    static void status(IpvsSync.Status status, JsonGenerator out) throws IOException {
        out.writeNumberField("services", status.services());
        out.writeNumberField("destinations", status.destinations());
        out.writeNumberField("writes", status.writes());
        counts("operations", status.operations(), out);
        counts("errors", status.errors(), out);
        out.writeStringField("lastError", status.lastError().orElse(""));
        if (status.lastPlan().isPresent()) {
            plan(status.lastPlan().get(), out);
        }
        if (status.lastAudit().isPresent()) {
            audit(status.lastAudit().get(), out);
        }
        out.writeArrayFieldStart("drains");
        for (DrainStatus drain : status.drains()) {
            out.writeStartObject();
            out.writeStringField("service", drain.service());
            out.writeStringField("name", drain.name());
            out.writeStringField("server", drain.server().toString());
            out.writeStringField("deadline", drain.deadline().toString());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("namespaces");
        for (NamespaceStatus namespace : status.namespaces()) {
            out.writeStartObject();
            out.writeStringField("name", namespace.name());
            out.writeStringField("path", namespace.path());
            out.writeNumberField("services", namespace.services());
            out.writeNumberField("writes", namespace.writes());
            out.writeStringField("error", namespace.error().orElse(""));
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void plan(PlanReport plan, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("lastPlan");
        out.writeStringField("at", plan.at().toString());
        out.writeNumberField("millis", plan.took().toNanos() / 1e6);
        out.writeNumberField("operations", plan.operations());
        texts("first", plan.first(), out);
        out.writeEndObject();
    }

    private static void audit(AuditReport audit, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("lastAudit");
        out.writeStringField("at", audit.at().toString());
        out.writeNumberField("millis", audit.took().toNanos() / 1e6);
        out.writeNumberField("slicesMillis", audit.slices().toNanos() / 1e6);
        out.writeObjectFieldStart("repairs");
        for (Map.Entry<String, Integer> repair : audit.repairs().entrySet()) {
            out.writeNumberField(repair.getKey(), repair.getValue());
        }
        out.writeEndObject();
        texts("findings", audit.findings(), out);
        out.writeEndObject();
    }

    private static void texts(String field, List<String> texts, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    private static void counts(String field, Map<String, Long> counts, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(field);
        for (Map.Entry<String, Long> count : counts.entrySet()) {
            out.writeNumberField(count.getKey(), count.getValue());
        }
        out.writeEndObject();
    }

    /** What this node's checks found, as fields of the status. */
    static void checks(int checked, List<CheckFailure> failures, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("checks");
        out.writeNumberField("servers", checked);
        out.writeArrayFieldStart("failing");
        for (CheckFailure failure : failures) {
            out.writeStartObject();
            out.writeStringField("server", failure.key().server().toString());
            out.writeStringField("check", failure.key().check().kind().text());
            out.writeStringField("reason", failure.reason());
            out.writeStringField("since", failure.since().toString());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    static void services(List<ServiceCounters> services, JsonGenerator out) throws IOException {
        out.writeStartArray();
        for (ServiceCounters service : services) {
            out.writeStartObject();
            out.writeStringField("name", service.name());
            address(service.address(), out);
            out.writeStringField("protocol", service.protocol());
            if (service.fwmark() != 0) {
                out.writeNumberField("fwmark", service.fwmark());
            }
            out.writeStringField("scheduler", service.scheduler());
            texts("flags", service.flags(), out);
            out.writeNumberField("persistenceSeconds", service.persistenceSeconds());
            counters(service.counters(), out);
            out.writeArrayFieldStart("servers");
            for (ServiceCounters.Server server : service.servers()) {
                server(server, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void server(ServiceCounters.Server server, JsonGenerator out) throws IOException {
        out.writeStartObject();
        address(server.address(), out);
        out.writeStringField("method", server.method());
        out.writeNumberField("weight", server.weight());
        out.writeNumberField("upperThreshold", server.upperThreshold());
        out.writeNumberField("lowerThreshold", server.lowerThreshold());
        out.writeNumberField("active", server.active());
        out.writeNumberField("inactive", server.inactive());
        out.writeNumberField("persistent", server.persistent());
        counters(server.counters(), out);
        out.writeEndObject();
    }

    private static void address(Endpoint address, JsonGenerator out) throws IOException {
        out.writeStringField("ip", address.ip().toString());
        out.writeNumberField("port", address.port());
    }

    private static void counters(Counters counters, JsonGenerator out) throws IOException {
        out.writeNumberField("connections", counters.connections());
        out.writeNumberField("inPackets", counters.inPackets());
        out.writeNumberField("outPackets", counters.outPackets());
        out.writeNumberField("inBytes", counters.inBytes());
        out.writeNumberField("outBytes", counters.outBytes());
        out.writeObjectFieldStart("perSecond");
        out.writeNumberField("connections", counters.connectionsPerSecond());
        out.writeNumberField("inPackets", counters.inPacketsPerSecond());
        out.writeNumberField("outPackets", counters.outPacketsPerSecond());
        out.writeNumberField("inBytes", counters.inBytesPerSecond());
        out.writeNumberField("outBytes", counters.outBytesPerSecond());
        out.writeEndObject();
    }
}
