package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.Vip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A whole table as text that people and their tools read: a line for the table, a line for each target, sorted, and a
 * last line. What it holds is checked when it is read: a table with one address for two names never comes out.
 *
 * <pre>
 *   {"format":1,"kind":"l4lb-table","seq":42,"hash":"9f…","pools":{…}}
 *   {"target":"db.marathon.l4lb.thisdcos.directory","allocation":{…},"services":[…]}
 *   {"targets":1}
 * </pre>
 */
public final class TableLines {
    private static final int FORMAT = 1;
    private static final String KIND = "l4lb-table";
    private static final long MAX_BYTES = 16L * 1024 * 1024 * 1024;

    private TableLines() {}

    /** Leaves {@code out} open. */
    public static void write(State state, OutputStream out) throws IOException {
        List<Vip> vips = state.vips().sorted(Comparator.comparing(Vip::target)).toList();
        Json.lines(out, json -> {
            ModelWriter model = new ModelWriter(json);
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeStringField("kind", KIND);
            json.writeNumberField("seq", state.seq());
            json.writeStringField("hash", Long.toHexString(state.hash()));
            model.pools("pools", state.pools());
            json.writeEndObject();
            for (Vip vip : vips) {
                model.vip(vip);
            }
            json.writeStartObject();
            json.writeNumberField("targets", vips.size());
            json.writeEndObject();
        });
    }

    /**
     * Reads what {@link #write} wrote, with the seq of the table that it was.
     *
     * @param edited whether the content may differ from the hash, since somebody changed it
     * @throws BadRecordException with the line
     */
    public static State read(InputStream in, boolean edited) throws IOException {
        return Json.readLines(in, MAX_BYTES, json -> {
            try {
                json.nextToken();
                return read(json, edited);
            } catch (JsonProcessingException e) {
                throw new BadRecordException(
                        "line " + e.getLocation().getLineNr() + ": malformed JSON: " + e.getOriginalMessage(), e);
            } catch (IOException | IllegalArgumentException e) {
                throw new BadRecordException(
                        "line " + json.currentTokenLocation().getLineNr() + ": " + e.getMessage(), e);
            }
        });
    }

    private static State read(JsonParser json, boolean edited) throws IOException {
        ModelReader model = new ModelReader(json);
        Head head = Head.read(model);
        Targets targets = new Targets();
        while (json.nextToken() == JsonToken.START_OBJECT) {
            OptionalTarget line = line(model);
            if (line.vip != null) {
                targets.add(line.vip);
                continue;
            }
            if (json.nextToken() != null) {
                throw new BadRecordException("more text after the last line");
            }
            if (line.count != targets.vips.size()) {
                throw new BadRecordException("the file ends after " + targets.vips.size() + " of " + line.count
                        + " targets; correct the last line if you took some out");
            }
            State state = State.restoreVips(0, head.seq, head.pools, targets.vips);
            if (state.hash() != head.hash && !edited) {
                throw new BadRecordException(
                        "the content is not what was written; if you changed it yourself, say so" + " with --edited");
            }
            return state;
        }
        throw new BadRecordException("the file ends after " + targets.vips.size() + " targets, without its last line");
    }

    private record Head(long seq, long hash, Optional<Pools> pools) {

        static Head read(ModelReader model) throws IOException {
            Fields fields = model.fields();
            int format = 0;
            String kind = "";
            Long seq = null;
            Long hash = null;
            Pools pools = null;
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "format" -> format = fields.smallNumber();
                    case "kind" -> kind = fields.text();
                    case "seq" -> seq = fields.number();
                    case "hash" -> hash = fields.hex();
                    case "pools" -> pools = model.pools();
                    default -> fields.skip();
                }
            }
            if (!kind.equals(KIND) || format != FORMAT) {
                throw new BadRecordException("this is no table of format " + FORMAT + "; `l4lb backup` writes one");
            }
            return new Head(Fields.required(seq, "seq"), Fields.required(hash, "hash"), Optional.ofNullable(pools));
        }
    }

    /** A target, or how many there were. */
    private record OptionalTarget(@Nullable Vip vip, int count) {}

    private static OptionalTarget line(ModelReader model) throws IOException {
        Fields fields = model.fields();
        String first = fields.first();
        if ("targets".equals(first)) {
            int count = fields.smallNumber();
            if (fields.next() != null) {
                throw new BadRecordException("the last line holds only the number of targets");
            }
            return new OptionalTarget(null, count);
        }
        return new OptionalTarget(model.vip(first), 0);
    }

    /** Checks that each target is there once, and each address has one user. */
    private static final class Targets {
        private final List<Vip> vips = new ArrayList<>();
        private final Set<Target> seen = new HashSet<>();
        private final Map<Ip, Target> users = new HashMap<>();

        void add(Vip vip) throws BadRecordException {
            if (!seen.add(vip.target())) {
                throw new BadRecordException(vip.target() + " is there twice");
            }
            List<Ip> addresses = vip.target() instanceof FixedAddress fixed
                    ? List.of(fixed.ip())
                    : vip.allocation().map(held -> held.occupied()).orElse(List.of());
            for (Ip ip : addresses) {
                Target other = users.put(ip, vip.target());
                if (other != null) {
                    throw new BadRecordException(ip + " belongs to " + other + " and to " + vip.target());
                }
            }
            vips.add(vip);
        }
    }
}
