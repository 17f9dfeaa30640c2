package directory.thisdcos.l4lb.dns.server;

import io.netty.channel.Channel;

/** An address that is served by the event loops: where the system calls of {@link UdpCalls} are not to be had. */
record NettyUdp(Channel channel) implements UdpListener {
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
