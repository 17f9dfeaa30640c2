package directory.thisdcos.l4lb.store.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Batch;
import directory.thisdcos.l4lb.model.Cause;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.Seeds;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Vip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCodecTest {

    @Test
    void batchesRoundTrip() throws Exception {
        Seeds.forEach(150, seed -> {
            RandomStates random = new RandomStates(seed, 6);
            List<Cause> causes = List.of(new Cause("alice", "it was " + seed), new Cause("b", "", Set.of("x", "y")));
            Batch batch = new Batch(seed, seed * 7, new Random(seed).nextLong(), random.changes(60), causes);
            assertEquals(batch, StoreCodec.decodeBatch(StoreCodec.encode(batch, "w")));
        });
    }

    @Test
    void aSmallBatchCanBeReadWithoutTools() throws Exception {
        Change change = new Change.AllocationRemoved(RandomStates.name(1));
        byte[] bytes = StoreCodec.encode(new Batch(1, 2, 3, List.of(change)), "w");
        String text = new String(bytes, UTF_8);
        assertTrue(text.startsWith("{\"epoch\":1,\"seq\":2,\"hash\":\"3\""), text);
        assertEquals(2, StoreCodec.decodeBatch(gzip(bytes)).seq(), "as earlier releases wrote all of them");
    }

    @Test
    void shardsRoundTrip() throws Exception {
        Seeds.forEach(100, seed -> {
            List<Vip> vips = new RandomStates(seed, 10).state(20).vips().toList();
            Shard shard = StoreCodec.decodeShard(StoreCodec.encode(seed, vips));
            assertEquals(new Shard(seed, vips), shard);
        });
        assertEquals(new Shard(0, List.of()), StoreCodec.decodeShard(new byte[0]));
    }

    @Test
    void tablesRoundTrip() throws Exception {
        Seeds.forEach(100, seed -> {
            State state = new RandomStates(seed, 10).state(20);
            Table table = readBack(table(state));
            assertEquals("cluster", table.cluster());
            assertEquals(state.hash(), table.state().hash());
            assertEquals(state.epoch(), table.state().epoch());
            assertEquals(state.seq(), table.state().seq());
            assertEquals(state.pools(), table.state().pools());
            assertTrue(table.state().changedShards(state).isEmpty());
        });
    }

    @Test
    void tablesOfEarlierReleasesAreRead() throws Exception {
        State state = new RandomStates(3, 10).state(20);
        String vips = json(9, state.vips().toList());
        State withoutPools =
                State.restoreVips(2, 9, Optional.empty(), state.vips().toList());
        String header = "{\"cluster\":\"c\",\"saved\":5,\"epoch\":2,\"hash\":\"" + Long.toHexString(withoutPools.hash())
                + "\",";
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        GzipMembers.write(second, gzip(header + "\"format\":2,\"seq\":9}"));
        for (int shard = 0; shard < State.SHARDS; shard++) {
            GzipMembers.write(
                    second, gzip(json(9, List.copyOf(state.shard(shard).values()))));
        }
        for (byte[] file : List.of(gzip(header + "\"format\":1," + vips.substring(1)), second.toByteArray())) {
            Table table = readBack(file);
            assertEquals(withoutPools.hash(), table.state().hash());
            assertEquals(9, table.state().seq());
            assertTrue(table.state().changedShards(state).isEmpty());
        }
    }

    @Test
    void shardsOfEarlierReleasesAreRead() throws Exception {
        Seeds.forEach(100, seed -> {
            List<Vip> vips = new RandomStates(seed, 10).state(20).vips().toList();
            assertEquals(new Shard(seed, vips), StoreCodec.decodeShard(gzip(json(seed, vips))));
        });
    }

    private static String json(long seq, List<Vip> vips) throws IOException {
        return Json.text(json -> {
            ModelWriter model = new ModelWriter(json);
            json.writeStartObject();
            json.writeNumberField("seq", seq);
            json.writeArrayFieldStart("vips");
            for (Vip vip : vips) {
                model.vip(vip);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    @Test
    void zcatShowsWhatATableIs() throws Exception {
        byte[] table = table(new RandomStates(5, 10).state(20));
        String text = new String(new GZIPInputStream(new ByteArrayInputStream(table)).readAllBytes(), ISO_8859_1);
        assertTrue(text.startsWith("{\"format\":3,\"cluster\":\"cluster\","), text);
    }

    private static byte[] table(State state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TableCodec.write(new Table("cluster", Instant.ofEpochMilli(5), state), out);
        return out.toByteArray();
    }

    private static Table readBack(byte[] bytes) throws IOException {
        return TableCodec.read(bytes);
    }

    @Test
    void metaAndSnapshotRoundTrip() throws IOException {
        Meta meta = new Meta(1, "c", State.SHARDS, 1024);
        assertEquals(meta, StoreCodec.decodeMeta(StoreCodec.encode(meta)));
        for (Optional<Pools> pools : List.of(Optional.<Pools>empty(), Optional.of(Pools.DEFAULT))) {
            Snapshot snapshot = new Snapshot(77, pools);
            assertEquals(snapshot, StoreCodec.decodeSnapshot(StoreCodec.encode(snapshot)));
        }
    }

    @Test
    void poolsOfEarlierReleasesAreRead() throws IOException {
        String old = "{\"seq\":7,\"pools\":{\"v4\":\"11.0.0.0-11.255.255.255\",\"v6\":\"fd01:c::/64\"}}";
        Snapshot snapshot = StoreCodec.decodeSnapshot(old.getBytes(UTF_8));
        assertEquals(Optional.of(Pools.DEFAULT), snapshot.pools());
        String written = new String(StoreCodec.encode(new Snapshot(7, Optional.of(Pools.DEFAULT))), UTF_8);
        assertFalse(written.contains("list"), "and they can read ours: " + written);
    }

    @Test
    void anotherFormatIsRefused() throws IOException {
        for (Meta meta : List.of(new Meta(2, "c", 256, 8), new Meta(1, "c", 16, 8), new Meta(1, "c", 256, 0))) {
            byte[] bytes = StoreCodec.encode(meta);
            assertThrows(BadRecordException.class, () -> StoreCodec.decodeMeta(bytes));
        }
    }

    @Test
    void fieldsOfANewerReleaseAreSkipped() throws IOException {
        Batch batch = StoreCodec.decodeBatch(gzip("""
                {"epoch":1,"new":{"a":[1,{"b":2}]},"seq":2,"hash":"ff","changes":[
                  {"op":"backend-put","service":"x.m.l4lb.thisdcos.directory:80/tcp","new":[[]],
                   "backend":{"address":"10.0.0.1:80","weight":1,"health":"healthy","rack":{"name":"a"},"task":"t"}}]}
                """));
        assertEquals(255, batch.stateHash());
        Change.BackendPut put = (Change.BackendPut) batch.changes().get(0);
        assertEquals("t", put.backend().task());
        assertEquals("x.m.l4lb.thisdcos.directory:80/tcp", put.key().toString());
    }

    /** A release before causes reads what this one writes: to it their field is one more that it does not know. */
    @Test
    void causesCostAnOlderReleaseNothing() throws IOException {
        List<Change> changes = List.of(new Change.AllocationRemoved(RandomStates.name(1)));
        List<Cause> causes = List.of(new Cause("alice", "DELETE", Set.of("x")));
        String text = new String(StoreCodec.encode(new Batch(1, 2, 3, changes, causes), "w"), UTF_8);
        String field = "\"causes\":[{\"who\":\"alice\",\"why\":\"DELETE\",\"targets\":[\"x\"]}]";
        assertTrue(text.endsWith("," + field + "}"), text);
        String unknown = text.replace("\"causes\"", "\"unknown\"");
        assertEquals(new Batch(1, 2, 3, changes), StoreCodec.decodeBatch(unknown.getBytes(UTF_8)));
        String newer = text.replace("\"why\"", "\"new\":[{\"a\":[]}],\"why\"");
        assertEquals(causes, StoreCodec.decodeBatch(newer.getBytes(UTF_8)).causes(), "nor a newer one this");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\"} x",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"xyz\",\"changes\":[]}",
                "{\"epoch\":\"1\",\"seq\":2,\"hash\":\"ff\",\"changes\":[]}",
                "{\"epoch\":1,\"seq\":99999999999999999999,\"hash\":\"ff\",\"changes\":[]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":{}}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[1]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"vip-painted\"}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"service-removed\",\"service\":\"x:80/tcp\"}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"service-removed\",\"service\":\"1.2.3.4:80\"}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"service-removed\",\"service\":\"/\"}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"service-removed\",\"service\":\"1.2.3.4:65536/tcp\"}]}",
                "{\"epoch\":1,\"seq\":2,\"hash\":\"ff\",\"changes\":[{\"op\":\"backend-removed\",\"service\":\"1.2.3.4:1/tcp\","
                        + "\"address\":\"here:80\"}]}",
            })
    void aBadBatchIsOneClearException(String json) throws IOException {
        byte[] bytes = gzip(json);
        BadRecordException e = assertThrows(BadRecordException.class, () -> StoreCodec.decodeBatch(bytes));
        assertTrue(String.valueOf(e.getMessage()).length() > 10, e.getMessage());
    }

    @Test
    void damagedBytesAreAlwaysAnIoException() throws Exception {
        byte[] good = table(new RandomStates(1, 10).state(20));
        long hash = readBack(good).state().hash();
        Seeds.forEach(300, seed -> {
            Random random = new Random(seed);
            byte[] bad = random.nextBoolean() ? good.clone() : Arrays.copyOf(good, random.nextInt(good.length));
            if (bad.length == good.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            }
            try {
                // The time in a member's header, for example, does not matter.
                assertEquals(hash, readBack(bad).state().hash());
                assertEquals(good.length, bad.length);
            } catch (IOException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        });
    }

    @Test
    void damagedJsonIsAnIoExceptionOrAnotherTable() throws Exception {
        Seeds.forEach(500, seed -> {
            Random random = new Random(seed);
            byte[] json = ("{\"seq\":1,\"vips\":[{\"target\":\"3.3.0.6\",\"services\":[{\"key\":\"3.3.0.6:80/udp\","
                            + "\"spec\":{\"scheduler\":\"wlc\",\"since\":1,\"origins\":[]},"
                            + "\"backends\":[{\"address\":\"[fd01::1]:80\",\"weight\":1,\"health\":\"healthy\"}]}]}]}")
                    .getBytes(UTF_8);
            json[random.nextInt(json.length)] = (byte) random.nextInt(256);
            try {
                assertTrue(StoreCodec.decodeShard(gzip(json)).vips().size() <= 1);
            } catch (IOException e) {
                assertFalse(String.valueOf(e.getMessage()).isEmpty());
            }
        });
    }

    @Test
    void aServiceOfBeforeThereWereOptionsHasTheDefaults() throws IOException {
        String json = "{\"seq\":1,\"vips\":[{\"target\":\"3.3.0.6\",\"services\":[{\"key\":\"3.3.0.6:80/udp\","
                + "\"spec\":{\"scheduler\":\"wlc\",\"since\":1,\"origins\":[]},\"backends\":[]}]}]}";
        ServiceSpec spec = StoreCodec.decodeShard(gzip(json))
                .vips()
                .get(0)
                .services()
                .iterator()
                .next()
                .spec();
        assertEquals(Balancing.DEFAULT, spec.balancing());
    }

    @Test
    void optionsThatExcludeEachOtherAreABadRecord() throws IOException {
        String json = "{\"seq\":1,\"vips\":[{\"target\":\"3.3.0.6\",\"services\":[{\"key\":\"3.3.0.6:80/udp\","
                + "\"spec\":{\"scheduler\":\"rr\",\"onePacket\":true,\"persistenceSeconds\":9,\"since\":1,"
                + "\"origins\":[]},\"backends\":[]}]}]}";
        assertThrows(IOException.class, () -> StoreCodec.decodeShard(gzip(json)));
    }

    @Test
    void whatCannotBeReadIsNotWritten() {
        ServiceKey key = new ServiceKey(RandomStates.name(1), Protocol.TCP, 80);
        Origin origin = new Origin("s", "f", "o", "x".repeat(Json.MAX_STRING + 1));
        Change change = new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(origin), 0));
        assertThrows(BadRecordException.class, () -> StoreCodec.encode(new Batch(1, 1, 0, List.of(change)), "w"));
    }

    @Test
    void aSmallRecordMayNotBecomeAHugeOne() throws IOException {
        byte[] bomb = gzip("{\"epoch\":1,\"pad\":[" + "0,".repeat(17 * 1024 * 1024) + "0]}");
        assertTrue(bomb.length < 100_000);
        assertThrows(BadRecordException.class, () -> StoreCodec.decodeBatch(bomb));
    }

    private static byte[] gzip(String json) throws IOException {
        return gzip(json.getBytes(UTF_8));
    }

    private static byte[] gzip(byte[] json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(json);
        }
        return bytes.toByteArray();
    }
}
