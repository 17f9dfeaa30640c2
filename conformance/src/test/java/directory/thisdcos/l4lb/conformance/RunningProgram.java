package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code l4lb} process, started by the launcher script as a user does, on free ports. */
final class RunningProgram implements AutoCloseable {
    private static final boolean IN_LAB = System.getenv("LAB_KERNEL") != null;

    /** The emulated machine takes ten times as long as others. */
    private static final Duration START_LIMIT = Duration.ofMinutes(IN_LAB ? 6 : 2);

    private final Process process;
    private final Path out;
    private final Path err;

    private RunningProgram(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts {@code l4lb} with the arguments; does not wait. Output goes to files in {@code logs}. */
    static RunningProgram launch(Path logs, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Checkout.launcher().toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = Files.createTempFile(logs, "l4lb", ".out");
        Path err = Files.createTempFile(logs, "l4lb", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Checkout.root().toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        if (IN_LAB) {
            // In the emulated machine the second compiler costs more than it gives.
            builder.environment().put("L4LB_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        }
        return new RunningProgram(builder.start(), out, err);
    }

    /** Starts it and waits for its {@code ready} line. */
    static RunningProgram start(Path logs, String... arguments) throws IOException {
        RunningProgram program = launch(logs, arguments);
        try {
            Await.until("the ready line", START_LIMIT, () -> {
                assertTrue(program.process.isAlive(), "l4lb ended");
                return program.out().startsWith("ready ");
            });
        } catch (AssertionError e) {
            program.kill();
            throw new AssertionError(e.getMessage() + "; its log:\n" + program.err(), e);
        }
        return program;
    }

    /** A line of a page that goes on until it is stopped, with its data below {@code temp}. */
    static RunningProgram typed(Path temp, String line, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(line.split("\\s+", -1)));
        if (!words.remove(0).equals("l4lb")) {
            throw new AssertionError("not ours: " + line);
        }
        words.addAll(List.of("--data", temp.resolve("data-" + words.get(0)).toString()));
        words.addAll(List.of(more));
        return start(temp, words.toArray(String[]::new));
    }

    /** With the examples, as the README starts it, but with its data below {@code temp}. */
    static RunningProgram examples(Path temp, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "standalone",
                "--apps",
                "examples",
                "--data",
                temp.resolve("data").toString()));
        arguments.addAll(List.of(more));
        return start(temp, arguments.toArray(String[]::new));
    }

    /** The same, which others may run beside; the kernel's table stays as it is. */
    static RunningProgram examplesOnFreePorts(Path temp) throws IOException {
        return examples(temp, "--dns-listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--ipvs", "plan");
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of {@code key=value} in the ready line. */
    String ready(String key) {
        Matcher matcher = Pattern.compile("\\b" + key + "=(\\S+)").matcher(out());
        if (!matcher.find()) {
            throw new AssertionError("no " + key + " in: " + out());
        }
        return matcher.group(1);
    }

    String admin() {
        return "http://" + ready("admin");
    }

    /** The port at which DNS listens. */
    int dnsPort() {
        String first = ready("dns").split(",", -1)[0];
        return Integer.parseInt(first.substring(first.lastIndexOf(':') + 1));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to stop (SIGTERM) and returns how long it took. */
    Duration terminate() throws InterruptedException {
        Instant before = Instant.now();
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("SIGTERM did not stop it:\n" + err());
        }
        return Duration.between(before, Instant.now());
    }

    /** Kills it at once (SIGKILL). */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for its end by itself. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running:\n" + err());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
