package directory.thisdcos.l4lb.bench;

import directory.thisdcos.l4lb.model.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Loads several DNS servers in turn, round after round: {@code SideBySide ROUNDS SECONDS NAMES EDNS RATE
 * NAME:PORT:PID[:SUFFIX[:NAMES]]...}, with RATE queries a second, or 0 for as many as each takes; the names asked are below
 * {@code l4lb.thisdcos.directory} unless a suffix is given, and a server may have another number of them.
 * Prints medians, and the median of what each round gave relative to the first server.
 */
public final class SideBySide {
    /** The kernel counts in USER_HZ, which is 100 on all that we run on. */
    private static final double TICKS_PER_SECOND = 100;

    private record Server(String name, int port, long pid, UdpLoad load) {}

    /** @param userMicros the part of {@code micros} outside of the kernel; both for each answer */
    private record Sample(UdpLoad.Result load, double micros, double userMicros) {}

    /** CPU time of a process, in seconds. */
    private record Cpu(double user, double system) {}

    private SideBySide() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[0]);
        long nanos = (long) (Double.parseDouble(arguments[1]) * TimeUnit.SECONDS.toNanos(1));
        int names = Integer.parseInt(arguments[2]);
        boolean edns = Boolean.parseBoolean(arguments[3]);
        int rate = Integer.parseInt(arguments[4]);
        List<Server> servers = new ArrayList<>();
        for (String text : Arrays.asList(arguments).subList(5, arguments.length)) {
            String[] parts = text.split(":", -1);
            String suffix = parts.length > 3 && !parts[3].isEmpty() ? parts[3] : ServiceName.ZONE;
            int own = parts.length > 4 ? Integer.parseInt(parts[4]) : names;
            UdpLoad load = new UdpLoad(UdpQueries.of(own, edns, suffix));
            servers.add(new Server(parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), load));
        }
        Map<Server, List<Sample>> samples = new LinkedHashMap<>();
        for (Server server : servers) {
            // Once for the compilers of both sides, not counted.
            server.load().run(server.port(), nanos, rate);
            samples.put(server, new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++) {
            for (Server server : servers) {
                Cpu before = cpu(server);
                UdpLoad.Result result = server.load().run(server.port(), nanos, rate);
                Cpu after = cpu(server);
                double user = after.user() - before.user();
                double both = user + after.system() - before.system();
                double perAnswer = 1e6 / Math.max(1, result.answers());
                samples.getOrDefault(server, List.of()).add(new Sample(result, both * perAnswer, user * perAnswer));
            }
        }
        print(servers, samples);
    }

    private static Cpu cpu(Server server) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + server.pid() + "/stat"));
        // The second field is a name in parentheses, which may hold spaces.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Cpu(Long.parseLong(fields[11]) / TICKS_PER_SECOND, Long.parseLong(fields[12]) / TICKS_PER_SECOND);
    }

    private static void print(List<Server> servers, Map<Server, List<Sample>> samples) {
        System.out.printf(
                "%-8s %8s %8s %8s %8s %6s %7s %7s %6s %6s %9s %9s %9s%n",
                "server",
                "kq/s",
                "min",
                "max",
                "us cpu/q",
                "user",
                "p50 us",
                "p99 us",
                "lost",
                "wrong",
                "first/it",
                "cpu/it",
                "p99/it");
        List<Sample> first = samples.getOrDefault(servers.get(0), List.of());
        for (Server server : servers) {
            List<Sample> own = samples.getOrDefault(server, List.of());
            double[] rates = own.stream()
                    .mapToDouble(sample -> sample.load().perSecond())
                    .sorted()
                    .toArray();
            double[] ratio = new double[own.size()];
            double[] cpu = new double[own.size()];
            double[] p99 = new double[own.size()];
            for (int i = 0; i < own.size(); i++) {
                ratio[i] = first.get(i).load().perSecond() / own.get(i).load().perSecond();
                cpu[i] = first.get(i).micros() / own.get(i).micros();
                p99[i] = first.get(i).load().p99() / (double) own.get(i).load().p99();
            }
            System.out.printf(
                    "%-8s %8.1f %8.1f %8.1f %8.2f %6.2f %7.0f %7.0f %6d %6d %9.2f %9.2f %9.2f%n",
                    server.name(),
                    median(rates) / 1_000,
                    rates[0] / 1_000,
                    rates[rates.length - 1] / 1_000,
                    median(own.stream().mapToDouble(Sample::micros).toArray()),
                    median(own.stream().mapToDouble(Sample::userMicros).toArray()),
                    median(own.stream()
                            .mapToDouble(sample -> sample.load().p50())
                            .toArray()),
                    median(own.stream()
                            .mapToDouble(sample -> sample.load().p99())
                            .toArray()),
                    own.stream().mapToLong(sample -> sample.load().lost()).sum(),
                    own.stream().mapToLong(sample -> sample.load().wrong()).sum(),
                    median(ratio),
                    median(cpu),
                    median(p99));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
