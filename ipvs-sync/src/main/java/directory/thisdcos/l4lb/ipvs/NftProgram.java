package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The nft program of the package nftables. A run lasts some 10 ms. */
final class NftProgram {
    private static final int TIMEOUT_SECONDS = 20;

    /** Also where a service manager's short PATH does not lead. */
    private static final List<String> PROGRAMS = List.of("nft", "/usr/sbin/nft", "/sbin/nft");

    /** There is no such program. */
    static final class MissingException extends IOException {
        MissingException(IOException cause) {
            super(cause);
        }
    }

    private record Result(int status, String output) {}

    /** The table without its counters; empty if there is none. */
    String list() throws IOException {
        Result result = run("", "-s", "list", "table", "inet", "l4lb");
        return result.status == 0 ? result.output : "";
    }

    /** Loads a script in one transaction. */
    void load(String script) throws IOException {
        Result result = run(script, "-f", "-");
        if (result.status != 0) {
            throw new IOException("nft: " + result.output.lines().findFirst().orElse("exit status " + result.status));
        }
    }

    private static Result run(String input, String... arguments) throws IOException {
        Process process = start(arguments);
        // Ends a hanging program, and with it the reading below.
        var unused = process.onExit()
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((done, error) -> {
                    if (error instanceof TimeoutException) {
                        process.destroyForcibly();
                    }
                });
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nft ran", e);
        }
    }

    private static Process start(String... arguments) throws IOException {
        IOException last = new IOException("no program to run");
        for (String program : PROGRAMS) {
            try {
                List<String> command =
                        Stream.concat(Stream.of(program), Stream.of(arguments)).toList();
                return new ProcessBuilder(command).redirectErrorStream(true).start();
            } catch (IOException e) {
                last = e;
            }
        }
        throw new MissingException(last);
    }
}
