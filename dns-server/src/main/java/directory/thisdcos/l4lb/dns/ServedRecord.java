package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import directory.thisdcos.l4lb.dns.wire.Type;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Node;
import directory.thisdcos.l4lb.dns.zone.Zone;
import directory.thisdcos.l4lb.model.Ip;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A record of class IN as text.
 *
 * @param name its owner, without the final dot
 * @param type {@code A}, {@code AAAA} or {@code SRV}
 * @param host the address, or the target of a SRV record
 * @param port of a SRV record; 0 otherwise
 */
public record ServedRecord(String name, String type, String host, int port) {
    /** Of a SRV record's data (RFC 2782). */
    private static final int PORT = 4;

    private static final int TARGET = 6;

    static Stream<ServedRecord> of(Zone zone) {
        return zone.nodes().flatMap(ServedRecord::of);
    }

    private static Stream<ServedRecord> of(Node node) {
        return node.rrsets().stream().flatMap(rrset -> of(node.name(), rrset));
    }

    private static Stream<ServedRecord> of(Name name, Rrset rrset) {
        String owner = name.toString();
        return switch (rrset.type()) {
            case Type.A -> data(rrset).map(data -> address(owner, "A", data));
            case Type.AAAA -> data(rrset).map(data -> address(owner, "AAAA", data));
            case Type.SRV ->
                data(rrset)
                        .map(data -> new ServedRecord(
                                owner, "SRV", Name.ofWire(data, TARGET).toString(), Wire.u16(data, PORT)));
            default -> Stream.empty();
        };
    }

    private static Stream<byte[]> data(Rrset rrset) {
        return IntStream.range(0, rrset.size()).mapToObj(rrset::data);
    }

    private static ServedRecord address(String owner, String type, byte[] octets) {
        return new ServedRecord(owner, type, Ip.of(octets).toString(), 0);
    }
}
