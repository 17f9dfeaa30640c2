package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** Sets the clock of one process while it runs, by a preloaded library of a few lines that the C compiler makes. */
final class ClockOffset {
    private final Path library;
    private final boolean possible;

    ClockOffset(Path dir) throws IOException, InterruptedException {
        this.library = dir.resolve("clock-offset.so");
        Path source = Checkout.root().resolve("conformance/src/test/resources/clock-offset.c");
        this.possible = Shell.run("sh", "-c", "command -v cc").exitCode() == 0
                && Shell.run("cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
                                .exitCode()
                        == 0;
    }

    /** Whether clocks can be set here. */
    boolean isPossible() {
        return possible;
    }

    Map<String, String> environment(Path clock) throws IOException {
        set(clock, 0);
        return possible ? Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET_FILE", clock.toString()) : Map.of();
    }

    /** @param seconds by which the process's time of day is off from now on */
    static void set(Path clock, long seconds) throws IOException {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(seconds);
        try (FileChannel file = FileChannel.open(clock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // In place: the process maps this very file.
            file.write(bytes.flip(), 0);
        }
    }
}
