package directory.thisdcos.l4lb.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Machines as network namespaces around this one, which is the node.
 *
 * <pre>
 *   be1 … be4   10.1.0.11 … 14  ──▶ br0 10.1.0.1 ┐
 *                                                 node
 *   cl          10.2.0.2 … 5    ──▶ to-cl 10.2.0.1 ┘
 * </pre>
 */
final class LabNetwork implements AutoCloseable {
    static final int BACKENDS = 4;
    static final int BACKEND_PORT = 8080;
    static final String NODE = "10.2.0.1";

    private static final List<String> SOURCES = List.of("10.2.0.2", "10.2.0.3", "10.2.0.4", "10.2.0.5");

    private final List<Process> processes = new ArrayList<>();

    static LabNetwork create() throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder("set -e\n");
        script.append("sysctl -qw net.ipv4.ip_forward=1\n");
        script.append("ip link add br0 type bridge; ip addr add 10.1.0.1/24 dev br0; ip link set br0 up\n");
        for (int i = 1; i <= BACKENDS; i++) {
            script.append("ip netns add be" + i + "; ip link add v" + i + " type veth peer name eth0 netns be" + i
                    + "; ip link set v" + i + " master br0 up\n");
            script.append(inNamespace("be" + i, "10.1.0.1", List.of(backend(i))));
        }
        script.append("ip netns add cl; ip link add to-cl type veth peer name eth0 netns cl\n");
        script.append("ip addr add " + NODE + "/24 dev to-cl; ip link set to-cl up\n");
        script.append(inNamespace("cl", NODE, SOURCES));
        Shell.output("bash", "-c", script.toString());
        return new LabNetwork();
    }

    private static String inNamespace(String name, String gateway, List<String> addresses) {
        StringBuilder script = new StringBuilder("ip -n " + name + " link set lo up\n");
        for (String address : addresses) {
            script.append("ip -n " + name + " addr add " + address + "/24 dev eth0\n");
        }
        return script + "ip -n " + name + " link set eth0 up\nip -n " + name + " route add default via " + gateway
                + "\n";
    }

    /** The address of backend 1 to {@value #BACKENDS}. */
    static String backend(int number) {
        return "10.1.0." + (10 + number);
    }

    /** Starts the server of a backend and waits until it listens. */
    void serve(int number) throws IOException {
        Process server = java("be" + number, EchoServer.class, "be" + number, Integer.toString(BACKEND_PORT));
        String line = server.inputReader(StandardCharsets.UTF_8).readLine();
        if (!"listening".equals(line)) {
            throw new AssertionError("the server of be" + number + " says " + line);
        }
    }

    Client client() throws IOException {
        return new Client(java("cl", LabClient.class, NODE, String.join(",", SOURCES)));
    }

    private Process java(String namespace, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "ip",
                "netns",
                "exec",
                namespace,
                "java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }

    /** Talks to a {@link LabClient}. */
    static final class Client {
        private final Process process;
        private final BufferedReader answers;

        private Client(Process process) {
            this.process = process;
            this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        String ask(String command) throws IOException {
            process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new AssertionError("the client ended at: " + command);
            }
            return answer;
        }
    }
}
