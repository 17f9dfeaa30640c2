package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on a node of a small network, with {@code ipvsadm} and {@code dig} as witnesses. */
@Tag("kernel")
final class ProgramInKernelTest {
    /** Long, because an emulated machine is slow; every wait ends when its condition holds. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String NAME = "lab.marathon.l4lb.thisdcos.directory";
    private static final String VIP = "11.242.54.218";
    private static final String FOREIGN = "-A -t 192.168.9.9:80 -s rr";
    private static final int PORT = 80;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private RunningProgram start() throws IOException {
        return RunningProgram.start(
                temp,
                "standalone",
                "--apps",
                temp.resolve("apps").toString(),
                "--data",
                temp.resolve("data").toString(),
                "--dns-listen",
                LabNetwork.NODE + ":53",
                "--ipvs",
                "on",
                "--ipvs-audit",
                "1s");
    }

    /** Writes the app with the given healthy and unhealthy backends. */
    private void writeApp(Set<Integer> healthy, Set<Integer> unhealthy) throws IOException {
        Set<Integer> all = new TreeSet<>(healthy);
        all.addAll(unhealthy);
        StringBuilder tasks = new StringBuilder();
        for (int number : all) {
            tasks.append(tasks.isEmpty() ? "" : ",")
                    .append("{\"id\":\"lab." + number + "\",\"appId\":\"/lab\",\"host\":\""
                            + LabNetwork.backend(number) + "\",\"ports\":[" + LabNetwork.BACKEND_PORT
                            + "],\"state\":\"TASK_RUNNING\",\"healthCheckResults\":[{\"alive\":"
                            + healthy.contains(number) + "}]}");
        }
        Path next = Files.writeString(
                temp.resolve("next"),
                "{\"id\":\"/lab\",\"portDefinitions\":[{\"port\":8080,\"protocol\":\"tcp\",\"labels\":{\"VIP_0\":"
                        + "\"/lab:" + PORT + "\"}}],\"healthChecks\":[{\"protocol\":\"MESOS_TCP\"}],\"tasks\":["
                        + tasks + "]}");
        Files.move(
                next,
                temp.resolve("apps/lab.json"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static String ipvs() throws IOException, InterruptedException {
        return Shell.output("ipvsadm", "-Sn");
    }

    private static String destination(int number, int weight) {
        return "-a -t " + VIP + ":" + PORT + " -r " + LabNetwork.backend(number) + ":" + LabNetwork.BACKEND_PORT
                + " -m -w " + weight + "\n";
    }

    /** The backends that answered, and whatever else happened, of {@code {be1=3, refused=1}}. */
    private static Set<String> outcomes(LabNetwork.Client client, int times) throws IOException {
        Set<String> outcomes = new TreeSet<>();
        Matcher matcher = Pattern.compile("(\\w+)=").matcher(client.ask("connect " + VIP + " " + PORT + " " + times));
        while (matcher.find()) {
            outcomes.add(matcher.group(1));
        }
        return outcomes;
    }

    private static double metric(RunningProgram program, String name) throws IOException, InterruptedException {
        double sum = 0;
        Matcher matcher = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? (\\S+)$")
                .matcher(Shell.output("curl", "-sS", program.admin() + "/metrics"));
        while (matcher.find()) {
            sum += Double.parseDouble(matcher.group(2));
        }
        return sum;
    }

    @Test
    void fromAnAppsFileToConnectionsThroughTheKernel() throws Exception {
        Files.createDirectory(temp.resolve("apps"));
        Shell.output("modprobe", "ip_vs");
        Shell.output("ipvsadm", FOREIGN.split(" ", -1)[0], "-t", "192.168.9.9:80", "-s", "rr");
        try (LabNetwork network = LabNetwork.create()) {
            for (int i = 1; i <= LabNetwork.BACKENDS; i++) {
                network.serve(i);
            }
            writeApp(Set.of(1, 2, 3), Set.of());
            LabNetwork.Client client = network.client();
            try (RunningProgram program = start()) {
                allThreeAnswer(client);
                String held = anUnhealthyBackendKeepsItsConnectionOnly(client);
                aFourthAppearsAndIsUsed(client);
                assertEquals(held + " still", client.ask("say held still"), "the old connection lives on");
                whatIsClearedByHandComesBack(client);
                assertTrue(client.ask("open kept " + VIP + " " + PORT).startsWith("be"));
                program.kill();
            }
            String before = ipvs();
            // The kept connection weighs 256 closed ones (ip_vs_wlc.c), so its backend gets no new one here.
            String kept = client.ask("say kept alive");
            assertTrue(kept.endsWith(" alive"), "the kernel goes on without us: " + kept);
            Set<String> others = new TreeSet<>(Set.of("be1", "be2", "be3", "be4"));
            others.remove(kept.substring(0, 3));
            assertEquals(others, outcomes(client, 40), "the kernel goes on without us");
            try (RunningProgram program = start()) {
                Await.until(
                        "the name", LIMIT, () -> client.ask("resolve " + NAME).equals(VIP));
                assertEquals(0, metric(program, "l4lb_ipvs_writes_total"), "what is right is not written again");
                assertEquals(before, ipvs());
                assertTrue(client.ask("say kept alive").endsWith(" alive"));
                whatGoesLeavesNothingBehind(client);
                assertTrue(ipvs().contains(FOREIGN), "what is not ours stays");
                program.terminate();
                assertEquals(0, program.exitCode());
            }
        }
    }

    private void allThreeAnswer(LabNetwork.Client client) throws Exception {
        Await.until("the name", LIMIT, () -> client.ask("resolve " + NAME).equals(VIP));
        // The name is answered only when the kernel is right, so nothing is awaited from here on.
        String table = ipvs();
        assertTrue(table.contains("-A -t " + VIP + ":" + PORT + " -s wlc\n"), table);
        for (int i = 1; i <= 3; i++) {
            assertTrue(table.contains(destination(i, 1)), table);
        }
        assertEquals(Set.of("be1", "be2", "be3"), outcomes(client, 30));
        assertEquals(
                VIP + "\n", Shell.output("ip", "netns", "exec", "cl", "dig", "+short", "@" + LabNetwork.NODE, NAME));
    }

    private String anUnhealthyBackendKeepsItsConnectionOnly(LabNetwork.Client client) throws Exception {
        String held = client.ask("open held " + VIP + " " + PORT);
        int number = Integer.parseInt(held.substring(2));
        Set<Integer> rest = new TreeSet<>(Set.of(1, 2, 3));
        rest.remove(number);
        writeApp(rest, Set.of(number));
        Await.until("weight 0", LIMIT, () -> ipvs().contains(destination(number, 0)));
        Set<String> outcomes = outcomes(client, 30);
        assertFalse(outcomes.contains(held), "no new connection goes to " + held + ": " + outcomes);
        assertEquals(2, outcomes.size(), outcomes.toString());
        assertEquals(held + " again", client.ask("say held again"));
        return held;
    }

    private void aFourthAppearsAndIsUsed(LabNetwork.Client client) throws Exception {
        writeApp(Set.of(1, 2, 3, 4), Set.of());
        Await.until("the fourth", LIMIT, () -> ipvs().contains(destination(4, 1)));
        assertTrue(outcomes(client, 40).contains("be4"));
    }

    private static void whatIsClearedByHandComesBack(LabNetwork.Client client) throws Exception {
        String before = ipvs().replace(FOREIGN + "\n", "");
        Shell.output("ipvsadm", "-C");
        Await.until("the repair", LIMIT, () -> ipvs().equals(before));
        assertEquals(Set.of("be1", "be2", "be3", "be4"), outcomes(client, 40));
        Shell.output("ipvsadm", "-A", "-t", "192.168.9.9:80", "-s", "rr");
    }

    private void whatGoesLeavesNothingBehind(LabNetwork.Client client) throws Exception {
        Files.delete(temp.resolve("apps/lab.json"));
        Await.until("NXDOMAIN", LIMIT, () -> client.ask("resolve " + NAME).equals("NXDOMAIN"));
        Await.until("no service", LIMIT, () -> !ipvs().contains(VIP));
        assertEquals(Set.of("refused"), outcomes(client, 2), "nothing listens there any more");
    }
}
