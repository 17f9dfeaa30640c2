package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnershipJournalTest {
    private static final Pools OTHER = new Pools(IpRange.parse("12.0.0.0/8"), Pools.DEFAULT.v6());

    @TempDir
    private Path directory;

    private static LocalAddresses local(Pools pools, String... claims) {
        return new LocalAddresses(
                pools, new TreeSet<>(List.of(claims).stream().map(Ip::of).toList()));
    }

    @Test
    void remembersOverRestartsWhatItMayHaveProgrammed() throws IOException {
        OwnershipJournal first = OwnershipJournal.open(directory);
        assertFalse(first.owns(Ip.of("11.0.0.1")));
        first.add(local(Pools.DEFAULT, "3.3.0.6"));
        first.add(local(OTHER, "fd77::1"));

        OwnershipJournal second = OwnershipJournal.open(directory);
        for (String ours : List.of("11.0.0.1", "12.0.0.1", "fd01:c::9", "3.3.0.6", "fd77::1")) {
            assertTrue(second.owns(Ip.of(ours)), ours);
        }
        second.keepOnly(local(OTHER, "fd77::1"), Set.of());
        OwnershipJournal third = OwnershipJournal.open(directory);
        assertFalse(third.owns(Ip.of("11.0.0.1")));
        assertEquals(Set.of(Ip.of("fd77::1")), third.addresses());
    }

    @Test
    void remembersMarksUntilTheirServicesHaveGone() throws IOException {
        ServiceId.Mark mark = new ServiceId.Mark(Family.V4, 17);
        ServiceId.Mark other = new ServiceId.Mark(Family.V6, 18);
        ServiceId.Address http = new ServiceId.Address(Ip.of("11.0.0.1"), Protocol.TCP, 80);
        ServiceId.Address quic = new ServiceId.Address(Ip.of("11.0.0.1"), Protocol.UDP, 443);
        ServiceId.Address six = new ServiceId.Address(Ip.of("fd01:c::1"), Protocol.TCP, 80);
        LocalAddresses local = local(Pools.DEFAULT);
        OwnershipJournal first = OwnershipJournal.open(directory);
        first.add(local.withMarks(Map.of(http, mark, quic, mark, six, other)));

        OwnershipJournal second = OwnershipJournal.open(directory);
        assertEquals(Set.of(http, quic), second.places(mark));
        assertEquals(Set.of(six), second.places(other));
        assertFalse(second.owns(new ServiceId.Mark(Family.V6, 17)));
        second.keepOnly(local.withMarks(Map.of(http, mark)), Set.of(other));

        OwnershipJournal third = OwnershipJournal.open(directory);
        assertEquals(Set.of(http), third.places(mark));
        assertEquals(Set.of(six), third.places(other));
        third.keepOnly(local, Set.of());
        assertFalse(OwnershipJournal.open(directory).owns(mark));
    }

    @Test
    void skipsALineThatItCannotRead() throws IOException {
        Files.writeString(directory.resolve("ipvs-addresses"), "nonsense\n3.3.0.6-3.3.0.6\n\n");
        assertEquals(Set.of(Ip.of("3.3.0.6")), OwnershipJournal.open(directory).addresses());
    }
}
