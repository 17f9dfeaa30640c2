package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;

/** What identifies a service in the kernel's table (ip_vs_ctl.c: ip_vs_service_find). */
sealed interface ServiceId {

    Family family();

    /**
     * A service at an address.
     *
     * @param protocol IP protocol number; the table of others may hold ones that we never make
     * @param port 0 stands for all ports
     */
    record Address(Ip ip, int protocol, int port) implements ServiceId {
        Address(Ip ip, Protocol protocol, int port) {
            this(ip, protocol.number(), port);
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
        public String toString() {
            return new Endpoint(ip, port) + "/"
                    + Protocol.of(protocol).map(Protocol::text).orElse(Integer.toString(protocol));
        }
    }

    /** A service for packets with a firewall mark; each family has its own. */
    record Mark(Family family, int mark) implements ServiceId {
        @Override
        public String toString() {
            return "fwmark " + Integer.toUnsignedString(mark) + (family == Family.V6 ? " (IPv6)" : "");
        }
    }
}
