package directory.thisdcos.l4lb.launcher.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** Whether the kernel's clock follows a time server; adjtimex(2) is what chrony, ntpd and timesyncd tell it through. */
final class ClockCheck {
    /** Octets of struct timex on 64-bit Linux. */
    private static final int TIMEX = 208;
    /** Of it, where maxerror is: microseconds, a long. */
    private static final int MAX_ERROR = 24;

    private static final int TIME_ERROR = 5;
    private static final long MICROS_PER_MILLI = 1_000;

    /** Public because the class that jnr-ffi generates lives in a class loader of its own. */
    public interface Calls {
        int adjtimex(@In @Out ByteBuffer timex);
    }

    private ClockCheck() {}

    static Finding check() {
        ByteBuffer timex = ByteBuffer.allocateDirect(TIMEX).order(ByteOrder.nativeOrder());
        int state = LibraryLoader.create(Calls.class).load("c").adjtimex(timex);
        if (state < 0) {
            return Finding.warning("clock", "the kernel does not say whether it is right", "run chrony or timesyncd");
        }
        long error = timex.getLong(MAX_ERROR) / MICROS_PER_MILLI;
        return state == TIME_ERROR
                ? Finding.warning(
                        "clock",
                        "it follows no time server; the times that l4lb shows may be wrong, its work is not touched",
                        "install chrony or enable systemd-timesyncd")
                : Finding.ok("clock", "right within " + error + " ms");
    }
}
