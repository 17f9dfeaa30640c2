package directory.thisdcos.l4lb.admin;

import java.util.List;
import java.util.stream.Stream;

/** What the DNS server of this process answers with authority. Called from several threads. */
public interface DnsNames {

    /**
     * A record of class IN.
     *
     * @param name its owner, without the final dot
     * @param type {@code A}, {@code AAAA} or {@code SRV}
     * @param host the address, or the target of a SRV record
     * @param port 1 to 65535 for a SRV record, 0 otherwise
     */
    record Entry(String name, String type, String host, int port) {}

    /** Every A, AAAA and SRV record of every zone; made as it is read. */
    Stream<Entry> all();

    /**
     * The records of one type that a query for {@code name} gets, aliases followed; none for a name of another server.
     *
     * @throws IllegalArgumentException if it is no domain name; the message says why
     */
    List<Entry> ask(String name, String type);
}
