package directory.thisdcos.l4lb.launcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Virtual services as tables. */
final class VipTables {

    private VipTables() {}

    static Table ofServices() {
        return new Table("VIP", "PROTOCOL", "ADDRESS", "BACKENDS", "SCHEDULER", "OWNER");
    }

    static void fill(Table table, Iterable<JsonNode> services) {
        for (JsonNode service : services) {
            String[] cells = {
                service.path("vip").asText(),
                service.path("protocol").asText(),
                addresses(service),
                eligible(service) + "/" + service.path("backend").size(),
                service.path("scheduler").asText(),
                owners(service)
            };
            if (eligible(service) == 0 || service.path("collision").asBoolean()) {
                table.bad(cells);
            } else {
                table.row(cells);
            }
        }
    }

    static Table ofBackends() {
        return new Table("BACKEND", "WEIGHT", "HEALTH", "NODE", "TASK", "SOURCE");
    }

    static void fillBackends(Table table, JsonNode service) {
        for (JsonNode backend : service.path("backend")) {
            String ip = backend.path("ip").asText();
            String[] cells = {
                (ip.contains(":") ? "[" + ip + "]" : ip) + ":"
                        + backend.path("port").asText(),
                backend.path("weight").asText(),
                backend.path("health").asText(),
                backend.path("node").asText(),
                backend.path("task").asText(),
                backend.path("source").asText()
            };
            if (backend.path("weight").asInt() == 0) {
                table.bad(cells);
            } else {
                table.row(cells);
            }
        }
    }

    static String addresses(JsonNode service) {
        List<String> addresses = new ArrayList<>();
        for (String field : new String[] {"address", "address6"}) {
            if (service.path(field).isTextual()) {
                addresses.add(service.path(field).asText());
            }
        }
        return String.join(",", addresses);
    }

    static long eligible(JsonNode service) {
        return StreamSupport.stream(service.path("backend").spliterator(), false)
                .filter(backend -> backend.path("weight").asInt() > 0)
                .count();
    }

    private static String owners(JsonNode service) {
        return String.join(
                ",",
                StreamSupport.stream(service.path("origins").spliterator(), false)
                        .map(origin -> origin.path("owner").asText())
                        .distinct()
                        .toList());
    }
}
