package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import java.util.Comparator;

/** What identifies a service in the kernel's table (ip_vs_ctl.c: ip_vs_service_find). */
sealed interface ServiceId {

    Family family();

    /** Two words for a file: {@code tcp 11.0.0.1:80}, {@code fwmark4 17}, {@code fwmark6 17}. */
    String words();

    /** Reads {@link #words}. */
    static ServiceId parse(String words) {
        String[] two = words.split(" ", -1);
        if (two.length != 2) {
            throw new IllegalArgumentException("'" + words + "' is no service");
        }
        for (Family family : Family.values()) {
            if (two[0].equals(Mark.word(family))) {
                return new Mark(family, Integer.parseUnsignedInt(two[1]));
            }
        }
        Endpoint vip = Endpoint.parse(two[1]);
        return new Address(
                vip.ip(),
                Protocol.parse(two[0]).orElseThrow(() -> new IllegalArgumentException("no protocol: " + two[0])),
                vip.port());
    }

    /**
     * A service at an address.
     *
     * @param protocol IP protocol number; the table of others may hold ones that we never make
     * @param port 0 stands for all ports
     */
    record Address(Ip ip, int protocol, int port) implements ServiceId, Comparable<Address> {
        private static final Comparator<Address> ORDER = Comparator.comparing(Address::ip)
                .thenComparingInt(Address::protocol)
                .thenComparingInt(Address::port);

        Address(Ip ip, Protocol protocol, int port) {
            this(ip, protocol.number(), port);
        }

        @Override
        public int compareTo(Address other) {
            return ORDER.compare(this, other);
        }

        /** Those that no other service of the address has. */
        boolean hasAllPorts() {
            return port == ServiceKey.ALL_PORTS;
        }

        @Override
        public Family family() {
            return ip.family();
        }

        @Override
        public String words() {
            String protocolName = Protocol.of(protocol).map(Protocol::text).orElse("?");
            return protocolName + " " + new Endpoint(ip, port);
        }

        @Override
        public String toString() {
            return new Endpoint(ip, port) + "/"
                    + Protocol.of(protocol).map(Protocol::text).orElse(Integer.toString(protocol));
        }
    }

    /** A service for packets with a firewall mark; each family has its own. */
    record Mark(Family family, int mark) implements ServiceId {
        private static String word(Family family) {
            return family == Family.V4 ? "fwmark4" : "fwmark6";
        }

        @Override
        public String words() {
            return word(family) + " " + Integer.toUnsignedString(mark);
        }

        @Override
        public String toString() {
            return "fwmark " + Integer.toUnsignedString(mark) + (family == Family.V6 ? " (IPv6)" : "");
        }
    }
}
