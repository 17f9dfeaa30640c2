package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole table to octets and back: a gzip member with what concerns all of it, and one for each shard, which are read
 * side by side. Format 1 had everything in one member and is read too.
 */
public final class TableCodec {
    private static final int FORMAT = 2;
    private static final int FORMAT_IN_ONE = 1;
    private static final long MAX_MEMBER_BYTES = 4L * 1024 * 1024 * 1024;

    private TableCodec() {}

    private record Header(int format, String cluster, Instant saved, State state, long hash, List<Vip> vips) {}

    /** Writes a whole table and leaves {@code out} open. */
    public static void write(Table table, OutputStream out) throws IOException {
        State state = table.state();
        GzipMembers.write(out, Json.gzip(json -> {
            ModelWriter model = new ModelWriter(json);
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeStringField("cluster", table.cluster());
            json.writeNumberField("saved", table.saved().toEpochMilli());
            json.writeNumberField("epoch", state.epoch());
            json.writeNumberField("seq", state.seq());
            json.writeStringField("hash", Long.toHexString(state.hash()));
            model.pools("pools", state.pools());
            json.writeEndObject();
        }));
        for (int shard = 0; shard < State.SHARDS; shard++) {
            if (!state.shard(shard).isEmpty()) {
                GzipMembers.write(
                        out, StoreCodec.encode(state.seq(), state.shard(shard).values()));
            }
        }
    }

    /** Reads a whole table and verifies its hash. */
    public static Table read(InputStream in) throws IOException {
        List<ByteBuffer> members = GzipMembers.split(in.readAllBytes());
        Header header = header(members.get(0));
        List<Vip> vips = new ArrayList<>(header.vips);
        for (Shard shard : StoreCodec.decodeShards(members.subList(1, members.size()))) {
            vips.addAll(shard.vips());
        }
        State state = State.restore(header.state.epoch(), header.state.seq(), header.state.pools(), vips);
        if (state.hash() != header.hash) {
            throw new BadRecordException("the content does not match its hash");
        }
        return new Table(header.cluster, header.saved, state);
    }

    private static Header header(ByteBuffer member) throws IOException {
        return Json.readGzip(GzipMembers.open(member), MAX_MEMBER_BYTES, json -> {
            ModelReader model = new ModelReader(json);
            Fields fields = model.fields();
            int format = 0;
            String cluster = null;
            Long saved = null;
            Long epoch = null;
            Long seq = null;
            Long hash = null;
            Pools pools = null;
            List<Vip> vips = null;
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "format" -> format = fields.smallNumber();
                    case "cluster" -> cluster = fields.text();
                    case "saved" -> saved = fields.number();
                    case "epoch" -> epoch = fields.number();
                    case "seq" -> seq = fields.number();
                    case "hash" -> hash = fields.hex();
                    case "pools" -> pools = model.pools();
                    case "vips" -> vips = model.vips();
                    default -> fields.skip();
                }
            }
            return new Header(
                    format,
                    Fields.required(cluster, "cluster"),
                    Instant.ofEpochMilli(Fields.required(saved, "saved")),
                    State.restore(
                            Fields.required(epoch, "epoch"),
                            Fields.required(seq, "seq"),
                            Optional.ofNullable(pools),
                            List.of()),
                    Fields.required(hash, "hash"),
                    content(format, vips));
        });
    }

    private static List<Vip> content(int format, @Nullable List<Vip> vips) throws BadRecordException {
        return switch (format) {
            case FORMAT -> List.of();
            case FORMAT_IN_ONE -> Fields.required(vips, "vips");
            default -> throw new BadRecordException("format " + format + "; this release reads up to " + FORMAT);
        };
    }
}
