package directory.thisdcos.l4lb.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.SortedMap;

/** Writes many names into the table, through the admin API of an allocator. */
final class TableTransfer {
    private static final int AT_ONCE = 10_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final TableApi api;
    private final Progress progress;

    /** What came of it, or would. */
    record Report(int reserved, int already) {}

    TableTransfer(TableApi api, Progress progress) {
        this.api = api;
        this.progress = progress;
    }

    /** @param conflicts learns of names that cannot be reserved; of the rest of their part nothing is written then */
    Report reserve(List<ImportPlan.Entry> entries, boolean planOnly, SortedMap<String, String> conflicts)
            throws StartException, InterruptedException {
        int reserved = 0;
        int already = 0;
        for (int from = 0; from < entries.size(); from += AT_ONCE) {
            int to = Math.min(entries.size(), from + AT_ONCE);
            progress.at(planOnly ? "checking names," : "reserving names,", from, entries.size());
            JsonNode answer = api.reserve(document(entries.subList(from, to)), planOnly);
            reserved += answer.path("reserved").asInt();
            already += answer.path("already").asInt();
            for (JsonNode conflict : answer.path("conflicts")) {
                conflicts.put(
                        conflict.path("name").asText(), conflict.path("reason").asText());
            }
        }
        progress.at(planOnly ? "checking names," : "reserving names,", entries.size(), entries.size());
        return new Report(reserved, already);
    }

    private static JsonNode document(List<ImportPlan.Entry> entries) {
        ObjectNode document = JSON.createObjectNode().put("owner", "import");
        ArrayNode allocations = document.putArray("allocations");
        for (ImportPlan.Entry entry : entries) {
            ObjectNode one = allocations.addObject().put("name", entry.name().prefix());
            entry.address().ifPresent(ip -> one.put("address", ip.toString()));
            entry.address6().ifPresent(ip -> one.put("address6", ip.toString()));
        }
        return document;
    }
}
