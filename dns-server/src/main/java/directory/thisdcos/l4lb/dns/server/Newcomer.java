package directory.thisdcos.l4lb.dns.server;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a listening TCP socket all new connections of an address that it shares with an older one, which then has none
 * waiting to be accepted when it closes: those would be reset. The kernel asks a program which socket of the group a
 * connection is for; a newcomer is the last one, and the older one its only other member. Where the number is none of the
 * group's, as when one is left, the kernel chooses by itself (net/core/sock_reuseport.c).
 */
final class Newcomer {
    private static final Logger log = LoggerFactory.getLogger(Newcomer.class);

    /** BPF_RET | BPF_K: the number is in the instruction. */
    private static final short RETURN = 0x06;

    private static final int SECOND = 1;

    private Newcomer() {}

    static void takeAll(Channel listener) {
        if (!(listener instanceof EpollServerSocketChannel tcp) || !UdpCalls.isAvailable()) {
            return;
        }
        // struct sock_filter: u16 code, u8 jt, u8 jf, u32 k.
        ByteBuffer program = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        program.putShort(0, RETURN).putInt(4, SECOND);
        // struct sock_fprog: u16 instructions, padding, pointer.
        byte[] filter = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putShort(0, (short) 1)
                .putLong(8, Pointer.wrap(UdpCalls.runtime(), program).address())
                .array();
        int result = UdpCalls.calls()
                .setsockopt(
                        tcp.fd().intValue(),
                        UdpCalls.SOL_SOCKET,
                        UdpCalls.SO_ATTACH_REUSEPORT_CBPF,
                        filter,
                        filter.length);
        if (result < 0) {
            log.warn("connections that the other process has not accepted when it ends will be reset");
        }
    }
}
