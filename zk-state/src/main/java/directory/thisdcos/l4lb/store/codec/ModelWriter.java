package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.ForwardingMethod;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.Vip;
import directory.thisdcos.l4lb.model.VirtualService;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes values of the model; {@link ModelReader} is its mirror. Empty texts and absent values take no room. */
final class ModelWriter {
    private final JsonGenerator json;

    ModelWriter(JsonGenerator json) {
        this.json = json;
    }

    void text(String field, String value) throws IOException {
        if (value.length() > Json.MAX_STRING) {
            throw new BadRecordException("field '" + field + "' of " + value.length()
                    + " characters is longer than the limit of " + Json.MAX_STRING);
        }
        if (!value.isEmpty()) {
            json.writeStringField(field, value);
        }
    }

    void pools(String field, Optional<Pools> pools) throws IOException {
        if (pools.isPresent()) {
            json.writeObjectFieldStart(field);
            json.writeStringField("v4", pools.get().v4().toString());
            json.writeStringField("v6", pools.get().v6().toString());
            if (!pools.get().isPlain()) {
                poolList(pools.get());
            }
            json.writeEndObject();
        }
    }

    /** Beside the two ranges, which are all that earlier releases read. */
    private void poolList(Pools pools) throws IOException {
        json.writeArrayFieldStart("list");
        for (Pool pool : pools.list()) {
            json.writeStartObject();
            json.writeStringField("name", pool.name());
            json.writeStringField("range", pool.range().toString());
            texts("reserved", pool.reserved());
            texts("suffixes", pool.suffixes());
            if (pool.draining()) {
                json.writeBooleanField("draining", true);
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        texts("claimable", pools.claimable());
    }

    private void texts(String field, List<?> values) throws IOException {
        if (!values.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (Object value : values) {
                json.writeString(value.toString());
            }
            json.writeEndArray();
        }
    }

    void key(String field, ServiceKey key) throws IOException {
        json.writeStringField(field, key.toString());
    }

    void vip(Vip vip) throws IOException {
        json.writeStartObject();
        json.writeStringField("target", vip.target().text());
        if (vip.allocation().isPresent()) {
            json.writeFieldName("allocation");
            allocation(vip.allocation().get());
        }
        json.writeArrayFieldStart("services");
        for (VirtualService service : vip.services()) {
            service(service);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    void allocation(Allocation allocation) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", allocation.name().fqdn());
        json.writeStringField("address", allocation.address().toString());
        Optional<Ip> six = allocation.address6();
        if (six.isPresent()) {
            json.writeStringField("address6", six.get().toString());
        }
        json.writeStringField("status", allocation.status().text());
        json.writeNumberField("since", allocation.since());
        text("owner", allocation.owner());
        if (allocation.hold().reserved()) {
            json.writeBooleanField("reserved", true);
        }
        if (!allocation.hold().former().isEmpty()) {
            json.writeArrayFieldStart("former");
            for (Hold.Former former : allocation.hold().former()) {
                json.writeStartObject();
                json.writeStringField("address", former.address().toString());
                json.writeNumberField("since", former.since());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void service(VirtualService service) throws IOException {
        json.writeStartObject();
        key("key", service.key());
        json.writeFieldName("spec");
        spec(service.spec());
        json.writeArrayFieldStart("backends");
        for (Backend backend : service.backends().values()) {
            backend(backend);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    void spec(ServiceSpec spec) throws IOException {
        json.writeStartObject();
        json.writeStringField("scheduler", spec.scheduler().text());
        balancing(spec.balancing());
        json.writeNumberField("since", spec.since());
        json.writeArrayFieldStart("origins");
        for (Origin origin : spec.origins()) {
            json.writeStartObject();
            text("source", origin.source());
            text("framework", origin.framework());
            text("owner", origin.owner());
            text("label", origin.label());
            if (origin.leaseMillis() != 0) {
                json.writeNumberField("leaseMillis", origin.leaseMillis());
            }
            text("options", origin.options());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** What is not the default. */
    private void balancing(Balancing balancing) throws IOException {
        if (!balancing.hashPort()) {
            json.writeBooleanField("hashPort", false);
        }
        if (balancing.method() != ForwardingMethod.NAT) {
            json.writeStringField("method", balancing.method().text());
        }
        number("tunnelPort", balancing.tunnelPort());
        number("persistenceSeconds", balancing.persistenceSeconds());
        if (balancing.onePacket()) {
            json.writeBooleanField("onePacket", true);
        }
        number("upperThreshold", balancing.upperThreshold());
        number("lowerThreshold", balancing.lowerThreshold());
        number("fwmark", balancing.fwmark());
        text("care", balancing.care().text());
    }

    private void number(String field, int value) throws IOException {
        if (value != 0) {
            json.writeNumberField(field, value);
        }
    }

    void backend(Backend backend) throws IOException {
        json.writeStartObject();
        json.writeStringField("address", backend.address().toString());
        if (backend.container().isPresent()) {
            json.writeStringField("container", backend.container().get().toString());
        }
        json.writeNumberField("weight", backend.weight());
        json.writeStringField("health", backend.health().text());
        text("node", backend.node());
        text("zone", backend.zone());
        text("portName", backend.portName());
        text("task", backend.task());
        text("source", backend.source());
        json.writeEndObject();
    }
}
