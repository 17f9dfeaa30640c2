package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end. */
final class Shell {
    private static final long LIMIT_SECONDS = 120;

    private Shell() {}

    record Result(int exitCode, String out, String err) {}

    static Result run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    static Result run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("l4lb-test", ".out");
        Path err = Files.createTempFile("l4lb-test", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Checkout.root().toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end:\n" + Files.readString(err));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    /** A line for a shell in the checkout in which {@code l4lb} is as if it were installed. */
    static Result installed(String line) throws IOException, InterruptedException {
        return run("bash", "-c", "PATH=" + Checkout.root() + ":$PATH; cd " + Checkout.root() + "; " + line);
    }

    /** Standard output of such a line, which must succeed. */
    static String typed(String line) throws IOException, InterruptedException {
        Result result = installed(line);
        if (result.exitCode() != 0) {
            throw new AssertionError(line + " ended with " + result.exitCode() + ":\n" + result.out() + result.err());
        }
        return result.out();
    }

    /** Standard output of a command that must succeed. */
    static String output(String... command) throws IOException, InterruptedException {
        Result result = run(command);
        if (result.exitCode() != 0) {
            throw new AssertionError(
                    List.of(command) + " ended with " + result.exitCode() + ":\n" + result.err() + result.out());
        }
        return result.out();
    }
}
