package directory.thisdcos.l4lb.ipvs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Backends in namespaces be1, be2… on a bridge of this host (10.1.0.2, .3…, fd02::2, ::3…), each with an
 * {@link EchoServer} on port 8080 that is called '1', '2'…; a client behind a router's link in namespace cl (10.2.0.2,
 * fd03::2); and this host itself, which listens on port 8080 as well ('H').
 */
final class LabNet implements AutoCloseable {
    private final int backends;
    private final List<EchoServer> servers = new ArrayList<>();

    private LabNet(int backends) {
        this.backends = backends;
    }

    static LabNet make(int backends) throws IOException {
        Lab.sh("""
                sysctl -qw net.ipv6.conf.all.forwarding=1
                ip link add br0 type bridge; ip addr add 10.1.0.1/24 dev br0; ip addr add fd02::1/64 dev br0 nodad
                ip link set br0 up
                for i in $(seq 1 %d); do
                  ip netns add be$i; ip link add v$i type veth peer name eth0 netns be$i; ip link set v$i master br0 up
                  ip -n be$i addr add 10.1.0.$((i+1))/24 dev eth0; ip -n be$i addr add fd02::$((i+1))/64 dev eth0 nodad
                  ip -n be$i link set eth0 up; ip -n be$i link set lo up
                  ip -n be$i route add default via 10.1.0.1; ip -n be$i -6 route add default via fd02::1
                done
                ip netns add cl; ip link add vc type veth peer name eth0 netns cl
                ip addr add 10.2.0.1/24 dev vc; ip addr add fd03::1/64 dev vc nodad; ip link set vc up
                ip -n cl addr add 10.2.0.2/24 dev eth0; ip -n cl addr add fd03::2/64 dev eth0 nodad
                ip -n cl link set eth0 up
                ip -n cl route add default via 10.2.0.1; ip -n cl -6 route add default via fd03::1
                """.formatted(backends));
        LabNet net = new LabNet(backends);
        for (int i = 1; i <= backends; i++) {
            net.servers.add(EchoServer.start("be" + i, 8080, (char) ('0' + i)));
        }
        net.servers.add(EchoServer.start("", 8080, 'H'));
        return net;
    }

    /** Whether servers wait with closing a connection whose client has ended its half. */
    void holdAnswers(boolean hold) {
        servers.forEach(server -> server.holdEnd(hold));
    }

    @Override
    public void close() throws IOException {
        for (EchoServer server : servers) {
            server.close();
        }
        // The links first: a namespace goes later than its name, and would keep the names of theirs until then.
        Lab.sh("""
                for i in $(seq 1 %d); do ip link del v$i; ip netns del be$i; done
                ip link del vc; ip netns del cl; ip link del br0
                """.formatted(backends));
    }
}
