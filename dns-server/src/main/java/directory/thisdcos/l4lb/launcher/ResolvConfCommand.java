package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.dns.resolvconf.Installer;
import directory.thisdcos.l4lb.dns.resolvconf.ServerCheck;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "resolv-conf",
        description = {
            "Makes our DNS server this machine's resolver: prints the resolv.conf that it takes, installs it,"
                    + " or brings back what was there. Understands plain files, resolvconf and systemd-resolved.",
            "%nExample: l4lb resolv-conf --dns-listen 198.51.100.1:53 --install%n"
        },
        sortOptions = false)
final class ResolvConfCommand implements Callable<Integer> {
    private static final int PORT = 53;
    private static final Ip LOOPBACK = Ip.of("127.0.0.1");
    private static final Ip LOOPBACK6 = Ip.of("::1");
    private static final long RESTART_SECONDS = 30;

    /** At most one of them. */
    static final class Action {
        @Option(names = "--install", description = "Puts it in; what was there is kept beside it.")
        boolean install;

        @Option(names = "--restore", description = "Brings back what was there before.")
        boolean restore;
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup
    private Action action = new Action();

    @Option(
            names = "--dns-listen",
            paramLabel = "ADDR:PORT",
            converter = Converters.OfEndpoint.class,
            description = "Where our DNS server listens, as for node; the port must be 53. Repeatable.")
    private List<Endpoint> dnsListen = List.of();

    @Option(
            names = "--no-check",
            description = "Install even if no DNS server of ours answers there yet; until one does, no name resolves.")
    private boolean noCheck;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            defaultValue = "/",
            description = "The root of the machine's files, for images that are made from outside. Default: /.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path root;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with these settings, as for node.")
    @Nullable Path config;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Installer installer = new Installer(root);
        try {
            if (action.restore) {
                finish(installer.restore(), out);
                return 0;
            }
            List<Ip> servers = servers();
            if (!action.install) {
                out.print(installer.render(servers));
                out.flush();
                return 0;
            }
            if (!noCheck) {
                check(servers);
            }
            finish(installer.install(servers), out);
            return 0;
        } catch (IOException e) {
            throw new StartException("resolv-conf: " + Reasons.of(e), e);
        }
    }

    private List<Ip> servers() throws WrongUsageException {
        if (dnsListen.isEmpty()) {
            throw new WrongUsageException("resolv-conf: say where our DNS server listens: --dns-listen 127.0.0.1:53,"
                    + " or --config with the file that node has");
        }
        List<Ip> servers = new ArrayList<>();
        for (Endpoint listen : dnsListen) {
            if (listen.port() != PORT) {
                throw new WrongUsageException("--dns-listen " + listen
                        + ": resolv.conf cannot name a port, so our DNS server must listen on port 53");
            }
            boolean wildcard = listen.ip().toInetAddress().isAnyLocalAddress();
            Ip ip = wildcard ? (listen.ip().isV4() ? LOOPBACK : LOOPBACK6) : listen.ip();
            if (!servers.contains(ip)) {
                servers.add(ip);
            }
        }
        return servers;
    }

    private static void check(List<Ip> servers) throws StartException {
        for (Ip server : servers) {
            if (!ServerCheck.answers(new Endpoint(server, PORT))) {
                throw new StartException("no DNS server of ours answers at " + server
                        + " port 53, so names would no longer resolve; start it first, or say --no-check");
            }
        }
    }

    private void finish(Installer.Report report, PrintWriter out) {
        report.lines().forEach(out::println);
        if (report.restartResolved()) {
            out.println(restartResolved());
        }
        out.flush();
    }

    private String restartResolved() {
        String byHand = "systemd-resolved must read this: systemctl restart systemd-resolved";
        if (!root.equals(Path.of("/")) || !Files.isDirectory(Path.of("/run/systemd/system"))) {
            return byHand;
        }
        try {
            Process process = new ProcessBuilder("systemctl", "try-restart", "systemd-resolved")
                    .inheritIO()
                    .start();
            boolean done = process.waitFor(RESTART_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return done ? "restarted systemd-resolved" : byHand;
        } catch (IOException e) {
            return byHand;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return byHand;
        }
    }
}
