package directory.thisdcos.l4lb.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import directory.thisdcos.l4lb.dns.Tables;
import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.model.Ip;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LookAheadTest {
    private static final int BATCH = 16;

    private final Zone zone = new DynamicZones(List.of(Ip.of("127.0.0.1")))
            .update(Tables.large(3_000), Set.of())
            .get(0);

    private static NameView view(String prefix) {
        Name name = Name.of(Tables.name(prefix).fqdn());
        NameView view = new NameView();
        view.read(name.wire(), 0, name.length());
        return view;
    }

    @Test
    void readsTheNodeAndTheRecordsOfEveryName() {
        LookAhead ahead = new LookAhead(BATCH);
        int expected = 0;
        for (int i = 0; i < 3_000; i++) {
            NameView name = view("svc" + i + ".marathon");
            Node node = zone.find(name, 0);
            assertNotNull(node);
            Rrset addresses = node.get(Type.A);
            assertNotNull(addresses);
            expected += node.owner().length + addresses.wire().length;
            ahead.add(zone, name, Type.A);
            if (i % BATCH == BATCH - 1) {
                ahead.run();
            }
        }
        ahead.run();
        assertEquals(expected, ahead.seen());
    }

    @Test
    void passesOverWhatIsNotThere() {
        LookAhead ahead = new LookAhead(BATCH);
        NameView name = view("svc1.marathon");
        Node node = zone.find(name, 0);
        assertNotNull(node);
        ahead.add(zone, name, Type.MX);
        ahead.run();
        assertEquals(node.owner().length, ahead.seen(), "no records of this type");
    }
}
