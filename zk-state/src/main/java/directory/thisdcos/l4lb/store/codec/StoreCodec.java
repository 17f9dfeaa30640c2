package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonParser;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Records of the table to bytes and back. Whatever is wrong with the bytes, a reading method throws
 * {@link IOException} ({@link BadRecordException} or one of java.util.zip's) and nothing else.
 */
public final class StoreCodec {

    /** Most changes in one batch. */
    public static final int MAX_CHANGES = 2_500;

    /** Up to here a batch stays as it is: to set up the compression takes longer than it saves. */
    private static final int SMALL_BATCH_BYTES = 1024;

    private static final int MAX_PLAIN_BYTES = 1024 * 1024;
    private static final int MAX_BATCH_BYTES = 32 * 1024 * 1024;
    private static final int MAX_SHARD_BYTES = 1024 * 1024 * 1024;

    private StoreCodec() {}

    /** @param writer a random mark of who writes, so that two writers' batches never have the same bytes */
    public static byte[] encode(Batch batch, String writer) throws IOException {
        byte[] plain = Json.plain(json -> {
            ModelWriter model = new ModelWriter(json);
            json.writeStartObject();
            json.writeNumberField("epoch", batch.epoch());
            json.writeNumberField("seq", batch.seq());
            json.writeStringField("hash", Long.toHexString(batch.stateHash()));
            json.writeStringField("writer", writer);
            json.writeArrayFieldStart("changes");
            for (Change change : batch.changes()) {
                ChangeJson.write(json, model, change);
            }
            json.writeEndArray();
            CauseJson.write(json, batch.causes());
            json.writeEndObject();
        });
        return plain.length <= SMALL_BATCH_BYTES ? plain : Json.gzip(plain);
    }

    public static Batch decodeBatch(byte[] bytes) throws IOException {
        boolean isPlain = bytes.length > 0 && bytes[0] == '{';
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        return isPlain
                ? Json.readPlain(in, MAX_BATCH_BYTES, StoreCodec::batch)
                : Json.readGzip(in, MAX_BATCH_BYTES, StoreCodec::batch);
    }

    private static Batch batch(JsonParser json) throws IOException {
        ModelReader model = new ModelReader(json);
        Fields fields = model.fields();
        Long epoch = null;
        Long seq = null;
        Long hash = null;
        List<Change> changes = List.of();
        List<Cause> causes = List.of();
        for (String field = fields.first(); field != null; field = fields.next()) {
            switch (field) {
                case "epoch" -> epoch = fields.number();
                case "seq" -> seq = fields.number();
                case "hash" -> hash = fields.hex();
                case "changes" -> changes = fields.list(() -> ChangeJson.read(model), MAX_CHANGES);
                case "causes" -> causes = CauseJson.read(model);
                default -> fields.skip();
            }
        }
        return new Batch(
                Fields.required(epoch, "epoch"),
                Fields.required(seq, "seq"),
                Fields.required(hash, "hash"),
                changes,
                causes);
    }

    public static byte[] encode(long seq, Collection<Vip> vips) throws IOException {
        return Json.gzip(PackedWriter.shard(seq, vips));
    }

    /** Zero bytes are a shard that was never written. */
    public static Shard decodeShard(byte[] bytes) throws IOException {
        return decodeShards(List.of(ByteBuffer.wrap(bytes)), shard -> shard).get(0);
    }

    /**
     * Decodes shards on all processors. Texts that they have in common are one object each. What is made of a shard is made
     * where it was decoded, while it is in that processor's cache.
     *
     * @param make may throw {@link IllegalArgumentException} for what is wrong with a shard
     */
    public static <T> List<T> decodeShards(List<ByteBuffer> shards, Function<Shard, T> make) throws IOException {
        SharedValues shared = new SharedValues(shards.size());
        try {
            return shards.parallelStream()
                    .map(bytes -> {
                        try {
                            return make.apply(decodeShard(bytes, shared));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (IllegalArgumentException e) {
                            throw new UncheckedIOException(new BadRecordException(String.valueOf(e.getMessage()), e));
                        }
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Shard decodeShard(ByteBuffer bytes, SharedValues shared) throws IOException {
        if (!bytes.hasRemaining()) {
            return new Shard(0, List.of());
        }
        byte[] octets = GzipMembers.unzip(bytes, MAX_SHARD_BYTES);
        return octets.length > 0 && octets[0] == PackedWriter.FORMAT
                ? PackedReader.shard(octets, shared)
                : jsonShard(octets, shared);
    }

    /** As shards were written before they were packed. */
    private static Shard jsonShard(byte[] octets, SharedValues shared) throws IOException {
        return Json.readPlain(new ByteArrayInputStream(octets), MAX_SHARD_BYTES, json -> {
            ModelReader model = new ModelReader(json, shared);
            Fields fields = model.fields();
            Long seq = null;
            List<Vip> vips = List.of();
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "seq" -> seq = fields.number();
                    case "vips" -> vips = model.vips();
                    default -> fields.skip();
                }
            }
            return new Shard(Fields.required(seq, "seq"), vips);
        });
    }

    public static byte[] encode(Snapshot snapshot) throws IOException {
        return Json.plain(json -> {
            json.writeStartObject();
            json.writeNumberField("seq", snapshot.seq());
            new ModelWriter(json).pools("pools", snapshot.pools());
            json.writeEndObject();
        });
    }

    public static Snapshot decodeSnapshot(byte[] bytes) throws IOException {
        return Json.readPlain(new ByteArrayInputStream(bytes), MAX_PLAIN_BYTES, json -> {
            ModelReader model = new ModelReader(json);
            Fields fields = model.fields();
            Long seq = null;
            Pools pools = null;
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "seq" -> seq = fields.number();
                    case "pools" -> pools = model.pools();
                    default -> fields.skip();
                }
            }
            return new Snapshot(Fields.required(seq, "seq"), Optional.ofNullable(pools));
        });
    }

    public static byte[] encode(Meta meta) throws IOException {
        return Json.plain(json -> {
            json.writeStartObject();
            json.writeNumberField("format", meta.format());
            json.writeStringField("cluster", meta.cluster());
            json.writeNumberField("shards", meta.shards());
            json.writeNumberField("slots", meta.slots());
            json.writeEndObject();
        });
    }

    /** Refuses another format or number of shards than this release's. */
    public static Meta decodeMeta(byte[] bytes) throws IOException {
        return Json.readPlain(new ByteArrayInputStream(bytes), MAX_PLAIN_BYTES, json -> {
            Fields fields = new Fields(json);
            int format = 0;
            String cluster = null;
            int shards = 0;
            int slots = 0;
            for (String field = fields.first(); field != null; field = fields.next()) {
                switch (field) {
                    case "format" -> format = fields.smallNumber();
                    case "cluster" -> cluster = fields.text();
                    case "shards" -> shards = fields.smallNumber();
                    case "slots" -> slots = fields.smallNumber();
                    default -> fields.skip();
                }
            }
            if (format != Meta.FORMAT || shards != State.SHARDS || slots < 1) {
                throw new BadRecordException("the table has format " + format + ", " + shards + " shards and " + slots
                        + " slots; this release reads format " + Meta.FORMAT + " with " + State.SHARDS + " shards");
            }
            return new Meta(format, Fields.required(cluster, "cluster"), shards, slots);
        });
    }
}
