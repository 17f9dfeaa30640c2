package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A process that can be killed, paused and started again, on one machine of a cluster. */
final class ClusterProcess implements AutoCloseable {
    private final ClusterNetwork.Machine machine;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;

    ClusterProcess(ClusterNetwork.Machine machine, List<String> command, Map<String, String> environment, Path log) {
        this.machine = machine;
        this.command = machine.command(command);
        this.environment = environment;
        this.log = log;
    }

    ClusterNetwork.Machine machine() {
        return machine;
    }

    /** Starts it unless it runs, and lets it go on if it was paused. */
    void ensureRunning() throws IOException, InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            signal("CONT");
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** SIGKILL, and waits for its end. */
    void kill() {
        Process running = process;
        if (running != null) {
            try {
                running.destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** SIGSTOP, until {@link #ensureRunning}. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            Shell.run("kill", "-" + name, Long.toString(running.pid()));
        }
    }

    /** The end of what it said. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return machine.name() + ": " + lines.subList(Math.max(0, lines.size() - 15), lines.size());
        } catch (IOException e) {
            return machine.name() + ": " + e;
        }
    }

    @Override
    public void close() {
        kill();
    }
}
