package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Locality;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code GET /v1/vips}: dcos-net's fields ({@code vip, protocol, backend[ip, port]}), and ours beside them. */
final class VipsJson {

    private VipsJson() {}

    /** A virtual service with the name or address that it belongs to. */
    record Entry(Vip vip, VirtualService service) {

        /** Sorts the list, and names a place in it. */
        String key() {
            return service.key().vip() + " " + service.key().protocol().text();
        }

        boolean mentions(String text) {
            return key().contains(text)
                    || vip.addresses().stream().anyMatch(ip -> ip.toString().contains(text))
                    || service.spec().origins().stream()
                            .anyMatch(origin -> origin.owner().contains(text));
        }

        boolean isOf(String framework) {
            return service.spec().origins().stream().map(Origin::framework).anyMatch(framework::equals);
        }
    }

    static Stream<Entry> entries(State table) {
        return table.vips()
                .filter(Vip::isLive)
                .flatMap(vip -> vip.services().stream().map(service -> new Entry(vip, service)));
    }

    static void write(State table, JsonGenerator json) throws IOException {
        List<Vip> vips = table.vips()
                .filter(Vip::isLive)
                .sorted(Comparator.comparing(Vip::target))
                .toList();
        json.writeStartArray();
        for (Vip vip : vips) {
            for (VirtualService service : vip.services()) {
                writeService(vip, service, json);
            }
        }
        json.writeEndArray();
    }

    static void writeService(Vip vip, VirtualService service, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("vip", service.key().vip());
        json.writeStringField("protocol", service.key().protocol().text());
        json.writeArrayFieldStart("backend");
        for (Backend backend : service.backends().values()) {
            writeBackend(backend, json);
        }
        json.writeEndArray();
        writeAddress(json, "address", vip.addresses().stream().filter(Ip::isV4).findFirst());
        writeAddress(
                json,
                "address6",
                vip.addresses().stream().filter(ip -> !ip.isV4()).findFirst());
        json.writeStringField(
                "since", Instant.ofEpochMilli(service.spec().since()).toString());
        json.writeStringField("kind", vip.target() instanceof FixedAddress ? "fixed" : "named");
        writeBalancing(service.spec().balancing(), json);
        json.writeBooleanField("collision", service.spec().isCollision());
        json.writeArrayFieldStart("origins");
        for (Origin origin : service.spec().origins()) {
            json.writeStartObject();
            json.writeStringField("owner", origin.owner());
            json.writeStringField("framework", origin.framework());
            json.writeStringField("label", origin.label());
            json.writeStringField("source", origin.source());
            json.writeStringField("options", origin.options());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** In the fields that a PUT takes. */
    private static void writeBalancing(Balancing balancing, JsonGenerator json) throws IOException {
        json.writeStringField("scheduler", balancing.scheduler().text());
        if (balancing.scheduler().hashes()) {
            json.writeStringField("flags", balancing.hashPort() ? "fallback,port" : "fallback");
        }
        json.writeStringField("method", balancing.method().text());
        if (balancing.tunnelPort() != 0) {
            json.writeNumberField("tunnelPort", balancing.tunnelPort());
        }
        json.writeNumberField("persistenceSeconds", balancing.persistenceSeconds());
        json.writeBooleanField("onePacket", balancing.onePacket());
        json.writeNumberField("upperThreshold", balancing.upperThreshold());
        json.writeNumberField("lowerThreshold", balancing.lowerThreshold());
        if (balancing.fwmark() != 0) {
            json.writeNumberField("fwmark", balancing.fwmark());
        }
        writeCare(balancing.care(), json);
    }

    /** Only what is on. */
    private static void writeCare(Care care, JsonGenerator json) throws IOException {
        if (care.check().isPresent()) {
            Check check = care.check().get();
            json.writeStringField("check", check.kind().text());
            if (!check.target().isEmpty()) {
                json.writeStringField("checkTarget", check.target());
            }
            json.writeNumberField("checkIntervalMillis", check.intervalMillis());
            json.writeNumberField("checkTimeoutMillis", check.timeoutMillis());
            json.writeNumberField("checkRise", check.rise());
            json.writeNumberField("checkFall", check.fall());
        }
        if (care.slowStartSeconds() > 0) {
            json.writeNumberField("slowStartSeconds", care.slowStartSeconds());
        }
        if (care.locality() != Locality.NONE) {
            json.writeStringField("locality", care.locality().text());
        }
    }

    private static void writeBackend(Backend backend, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("ip", backend.address().ip().toString());
        json.writeNumberField("port", backend.address().port());
        json.writeNumberField("weight", backend.share());
        json.writeStringField("health", backend.health().text());
        json.writeStringField("source", backend.source());
        json.writeStringField("task", backend.task());
        json.writeStringField("node", backend.node());
        json.writeStringField("zone", backend.zone());
        json.writeStringField("portName", backend.portName());
        if (backend.container().isPresent()) {
            json.writeStringField("container", backend.container().get().toString());
        }
        json.writeEndObject();
    }

    static void writeAddress(JsonGenerator json, String field, Optional<Ip> ip) throws IOException {
        if (ip.isPresent()) {
            json.writeStringField(field, ip.get().toString());
        } else {
            json.writeNullField(field);
        }
    }

    static void writeAllocation(Allocation allocation, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", allocation.name().fqdn());
        json.writeStringField("address", allocation.address().toString());
        writeAddress(json, "address6", allocation.address6());
        json.writeStringField("state", allocation.status().text());
        json.writeStringField("since", Instant.ofEpochMilli(allocation.since()).toString());
        json.writeStringField("owner", allocation.owner());
        json.writeBooleanField("reserved", allocation.hold().reserved());
        json.writeArrayFieldStart("former");
        for (Hold.Former former : allocation.hold().former()) {
            json.writeStartObject();
            json.writeStringField("address", former.address().toString());
            json.writeStringField("since", Instant.ofEpochMilli(former.since()).toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
