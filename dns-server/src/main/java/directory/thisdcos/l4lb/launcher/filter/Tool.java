package directory.thisdcos.l4lb.launcher.filter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a program of this machine that prints something. */
final class Tool {
    private static final int PATIENCE_SECONDS = 10;

    /** Where such programs are, whether the user's PATH says so or not. */
    private static final List<Path> ALWAYS = List.of(Path.of("/usr/sbin"), Path.of("/sbin"));

    private Tool() {}

    /** What it printed, or why it did not. */
    record Output(int exitCode, String out, String err) {
        String text() throws IOException {
            if (exitCode != 0) {
                throw new IOException(err.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .findFirst()
                        .orElse("ended with " + exitCode));
            }
            return out;
        }
    }

    /** Empty if there is no such program. */
    static Optional<Output> run(String program, String... arguments) throws InterruptedException {
        Optional<Path> file = find(program);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(List.of(file.get().toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).start();
            CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .execute(process::destroyForcibly);
            process.getOutputStream().close();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            String out = read(process.getInputStream());
            return Optional.of(new Output(process.waitFor(), out, err.join()));
        } catch (IOException e) {
            return Optional.of(new Output(1, "", String.valueOf(e.getMessage())));
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.concat(
                        Stream.of(path.split(":", -1))
                                .filter(folder -> !folder.isEmpty())
                                .map(Path::of),
                        ALWAYS.stream())
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
