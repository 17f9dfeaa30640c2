package directory.thisdcos.l4lb.dns.server;

/** One address that is served over UDP. */
interface UdpListener extends AutoCloseable {
    @Override
    void close();
}
