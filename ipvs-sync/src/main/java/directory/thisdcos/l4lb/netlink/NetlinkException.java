package directory.thisdcos.l4lb.netlink;

import java.io.IOException;

/** A netlink exchange as a whole failed. What single messages of a batch met is not an exception but a result. */
public final class NetlinkException extends IOException {
    private final int errno;

    public NetlinkException(int errno, String what) {
        super(what + ": " + Errno.name(errno));
        this.errno = errno;
    }

    public int errno() {
        return errno;
    }
}
