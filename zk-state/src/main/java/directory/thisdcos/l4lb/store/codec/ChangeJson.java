package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of one change: {@code "op"} says which kind it is, the other fields belong to the kind. */
final class ChangeJson {
    private ChangeJson() {}

    static void write(JsonGenerator json, ModelWriter model, Change change) throws IOException {
        json.writeStartObject();
        if (change instanceof Change.BackendPut put) {
            json.writeStringField("op", "backend-put");
            model.key("service", put.key());
            json.writeFieldName("backend");
            model.backend(put.backend());
        } else if (change instanceof Change.BackendRemoved removed) {
            json.writeStringField("op", "backend-removed");
            model.key("service", removed.key());
            json.writeStringField("address", removed.address().toString());
        } else if (change instanceof Change.ServicePut put) {
            json.writeStringField("op", "service-put");
            model.key("service", put.key());
            json.writeFieldName("spec");
            model.spec(put.spec());
        } else if (change instanceof Change.ServiceRemoved removed) {
            json.writeStringField("op", "service-removed");
            model.key("service", removed.key());
        } else if (change instanceof Change.AllocationPut put) {
            json.writeStringField("op", "allocation-put");
            json.writeFieldName("allocation");
            model.allocation(put.allocation());
        } else if (change instanceof Change.AllocationRemoved removed) {
            json.writeStringField("op", "allocation-removed");
            json.writeStringField("name", removed.name().fqdn());
        } else if (change instanceof Change.PoolsPut put) {
            json.writeStringField("op", "pools-put");
            model.pools("pools", Optional.of(put.pools()));
        } else {
            throw new AssertionError("a kind of change without a form: " + change);
        }
        json.writeEndObject();
    }

    static Change read(ModelReader model) throws IOException {
        Fields fields = model.fields();
        Parts parts = new Parts();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "op" -> parts.op = fields.text();
                case "service" -> parts.service = model.key();
                case "backend" -> parts.backend = model.backend();
                case "address" -> parts.address = Endpoint.parse(fields.text());
                case "spec" -> parts.spec = model.spec();
                case "allocation" -> parts.allocation = model.allocation();
                case "name" -> parts.name = new ServiceName(fields.text());
                case "pools" -> parts.pools = model.pools();
                default -> fields.skip();
            }
        }
        return parts.change();
    }

    /** What was found of a change: fields may come in any order, so the kind is known only at the end. */
    private static final class Parts {
        private @Nullable String op;
        private @Nullable ServiceKey service;
        private @Nullable Backend backend;
        private @Nullable Endpoint address;
        private @Nullable ServiceSpec spec;
        private @Nullable Allocation allocation;
        private @Nullable ServiceName name;
        private @Nullable Pools pools;

        Change change() throws BadRecordException {
            String kind = Fields.required(op, "op");
            return switch (kind) {
                case "backend-put" -> new Change.BackendPut(service(), Fields.required(backend, "backend"));
                case "backend-removed" -> new Change.BackendRemoved(service(), Fields.required(address, "address"));
                case "service-put" -> new Change.ServicePut(service(), Fields.required(spec, "spec"));
                case "service-removed" -> new Change.ServiceRemoved(service());
                case "allocation-put" -> new Change.AllocationPut(Fields.required(allocation, "allocation"));
                case "allocation-removed" -> new Change.AllocationRemoved(Fields.required(name, "name"));
                case "pools-put" -> new Change.PoolsPut(Fields.required(pools, "pools"));
                default ->
                    throw new BadRecordException("unknown change '" + kind + "'; a newer release may have written it");
            };
        }

        private ServiceKey service() throws BadRecordException {
            return Fields.required(service, "service");
        }
    }
}
