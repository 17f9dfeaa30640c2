package directory.thisdcos.l4lb.dns;

import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** What the server has authority for, for those that do not speak DNS. From any thread. */
public final class ServedNames {
    private final Supplier<Catalog> catalog;
    private final UnaryOperator<byte[]> server;

    /** @param server gives the answer to a query message */
    ServedNames(Supplier<Catalog> catalog, UnaryOperator<byte[]> server) {
        this.catalog = catalog;
        this.server = server;
    }

    /** Every A, AAAA and SRV record, zone by zone; made as it is read. */
    public Stream<ServedRecord> all() {
        return catalog.get().zones().flatMap(ServedRecord::of);
    }

    /**
     * The records of {@code type} (A, AAAA, SRV) in the answer for {@code name}; none where another server has authority.
     *
     * @throws IllegalArgumentException if either is none
     */
    public List<ServedRecord> ask(String name, String type) {
        try {
            Message query =
                    Message.newQuery(Record.newRecord(Name.fromString(name, Name.root), Type.value(type), DClass.IN));
            query.getHeader().unsetFlag(Flags.RD);
            return new Message(server.apply(query.toWire()))
                    .getSection(Section.ANSWER).stream()
                            .filter(record -> record.getType() == Type.value(type))
                            .flatMap(ServedNames::text)
                            .toList();
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a domain name: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("our own answer for " + name + " is damaged", e);
        }
    }

    private static Stream<ServedRecord> text(Record record) {
        String owner = record.getName().toString(true);
        if (record instanceof ARecord a) {
            return Stream.of(new ServedRecord(owner, "A", Ip.of(a.getAddress()).toString(), 0));
        }
        if (record instanceof AAAARecord aaaa) {
            return Stream.of(
                    new ServedRecord(owner, "AAAA", Ip.of(aaaa.getAddress()).toString(), 0));
        }
        return record instanceof SRVRecord srv
                ? Stream.of(new ServedRecord(owner, "SRV", srv.getTarget().toString(true), srv.getPort()))
                : Stream.empty();
    }
}
