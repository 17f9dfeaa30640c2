package directory.thisdcos.l4lb.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Machines for processes: network namespaces on one bridge, which can be cut from each other. Without the privilege for
 * that, all of them are this machine, and nothing can be cut.
 */
final class ClusterNetwork implements AutoCloseable {
    private final boolean real;
    private final String tag = Long.toString(ProcessHandle.current().pid() % 10_000);
    private final String bridge = "l4c" + tag;
    private final String subnet = "10.213." + ProcessHandle.current().pid() % 250 + ".";
    private final Map<String, Machine> machines = new TreeMap<>();

    /**
     * Where a process runs.
     *
     * @param prefix of its command line
     */
    record Machine(String name, String ip, List<String> prefix) {
        List<String> command(List<String> command) {
            List<String> whole = new ArrayList<>(prefix);
            whole.addAll(command);
            return whole;
        }
    }

    private ClusterNetwork(boolean real) {
        this.real = real;
    }

    static ClusterNetwork open() throws IOException, InterruptedException {
        ClusterNetwork network = new ClusterNetwork(Shell.output("id", "-u")
                        .strip()
                        .equals("0")
                && Shell.run("ip", "link", "add", "l4probe", "type", "bridge").exitCode() == 0);
        if (network.real) {
            ip("link", "del", "l4probe");
            ip("link", "add", network.bridge, "type", "bridge");
            ip("addr", "add", network.subnet + "1/24", "dev", network.bridge);
            ip("link", "set", network.bridge, "up");
        }
        return network;
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Shell.output(command.toArray(String[]::new));
    }

    /** Whether machines can be cut from each other. */
    boolean canCut() {
        return real;
    }

    /** The same machine for the same name. */
    Machine machine(String name) throws IOException, InterruptedException {
        Machine known = machines.get(name);
        if (known != null) {
            return known;
        }
        Machine machine =
                real ? create(name, subnet + (machines.size() + 11)) : new Machine(name, "127.0.0.1", List.of());
        machines.put(name, machine);
        return machine;
    }

    private Machine create(String name, String address) throws IOException, InterruptedException {
        String space = space(name);
        String outside = outside(address);
        ip("netns", "add", space);
        ip("link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", space);
        ip("link", "set", outside, "master", bridge, "up");
        ip("-n", space, "addr", "add", address + "/24", "dev", "eth0");
        ip("-n", space, "link", "set", "eth0", "up");
        ip("-n", space, "link", "set", "lo", "up");
        return new Machine(name, address, List.of("ip", "netns", "exec", space));
    }

    private String space(String name) {
        return "l4c" + tag + "-" + name;
    }

    private String outside(String address) {
        return "l4c" + tag + "v" + address.substring(address.lastIndexOf('.') + 1);
    }

    /** Cuts a machine from everybody. */
    void isolate(Machine machine) throws IOException, InterruptedException {
        ip("link", "set", outside(machine.ip()), "down");
    }

    /** Cuts two machines from each other; packets vanish without an answer. */
    void cut(Machine one, Machine other) throws IOException, InterruptedException {
        ip("-n", space(one.name()), "route", "add", "blackhole", other.ip() + "/32");
        ip("-n", space(other.name()), "route", "add", "blackhole", one.ip() + "/32");
    }

    /** What a machine sends to another vanishes: that one waits for answers in vain, and sends in vain too. */
    void mute(Machine machine, Machine to) throws IOException, InterruptedException {
        ip("-n", space(machine.name()), "route", "add", "blackhole", to.ip() + "/32");
    }

    /** Mends everything. */
    void heal() throws IOException, InterruptedException {
        for (Machine machine : real ? machines.values() : List.<Machine>of()) {
            ip("link", "set", outside(machine.ip()), "up");
            ip("-n", space(machine.name()), "route", "flush", "type", "blackhole");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (String name : real ? machines.keySet() : Set.<String>of()) {
                Shell.run("ip", "netns", "del", space(name));
            }
            if (real) {
                Shell.run("ip", "link", "del", bridge);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
