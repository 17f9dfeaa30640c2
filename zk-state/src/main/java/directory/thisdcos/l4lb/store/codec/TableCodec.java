package directory.thisdcos.l4lb.store.codec;

import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.StatePart;
import directory.thisdcos.l4lb.model.Vip;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole table to octets and back: a gzip member with what concerns all of it as JSON, and one for each shard, which are
 * read side by side. Format 2 had the shards as JSON, format 1 had everything in one member; both are read too.
 */
public final class TableCodec {
    private static final int FORMAT = 3;
    private static final int FORMAT_OF_JSON = 2;
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
    public static Table read(byte[] octets) throws IOException {
        List<ByteBuffer> members = GzipMembers.split(octets);
        Header header = header(members.get(0));
        State state = state(header, members.subList(1, members.size()));
        if (state.hash() != header.hash) {
            throw new BadRecordException("the content does not match its hash");
        }
        return new Table(header.cluster, header.saved, state);
    }

    private static State state(Header header, List<ByteBuffer> shards) throws IOException {
        long epoch = header.state.epoch();
        long seq = header.state.seq();
        Optional<Pools> pools = header.state.pools();
        if (header.format == FORMAT_IN_ONE) {
            return State.restoreVips(epoch, seq, pools, header.vips);
        }
        try {
            return State.restore(
                    epoch, seq, pools, StoreCodec.decodeShards(shards, shard -> StatePart.of(shard.vips())));
        } catch (IllegalArgumentException e) {
            throw new BadRecordException(String.valueOf(e.getMessage()), e);
        }
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
            case FORMAT, FORMAT_OF_JSON -> List.of();
            case FORMAT_IN_ONE -> Fields.required(vips, "vips");
            default -> throw new BadRecordException("format " + format + "; this release reads up to " + FORMAT);
        };
    }
}
