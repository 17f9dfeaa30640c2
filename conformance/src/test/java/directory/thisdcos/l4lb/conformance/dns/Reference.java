package directory.thisdcos.l4lb.conformance.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A DNS server to compare with, on a free port of the loopback address. */
final class Reference implements AutoCloseable {
    private static final int PORT_TRIES = 20;

    /** What Debian has, configured to answer as briefly as we do. */
    enum Kind {
        NSD("nsd", "/usr/sbin/nsd"),
        KNOT("knot", "/usr/sbin/knotd"),
        BIND("bind9", "/usr/sbin/named");

        private final String debianPackage;
        private final Path program;

        Kind(String debianPackage, String program) {
            this.debianPackage = debianPackage;
            this.program = Path.of(program);
        }

        boolean isInstalled() {
            return Files.isExecutable(program);
        }

        String debianPackage() {
            return debianPackage;
        }
    }

    private final Kind kind;
    private final Path folder;
    private final int port;
    private final Process process;

    private Reference(Kind kind, Path folder, int port, Process process) {
        this.kind = kind;
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Serves the files {@code ORIGIN.zone} of a folder. */
    static Reference start(Kind kind, Path zones, List<String> origins) {
        try {
            Path folder = Files.createTempDirectory("l4lb-" + kind.debianPackage);
            int port = freePort();
            Path config = folder.resolve("server.conf");
            Files.writeString(
                    config,
                    switch (kind) {
                        case NSD -> nsd(folder, zones, origins, port);
                        case KNOT -> knot(folder, zones, origins, port);
                        case BIND -> bind(folder, zones, origins, port);
                    });
            List<String> command = switch (kind) {
                case NSD -> List.of(kind.program.toString(), "-d", "-c", config.toString());
                case KNOT -> List.of(kind.program.toString(), "-c", config.toString());
                case BIND -> List.of(kind.program.toString(), "-f", "-c", config.toString());
            };
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            return new Reference(kind, folder, port, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Free for UDP and for TCP. */
    private static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                    ServerSocket tcp = new ServerSocket(udp.getLocalPort(), 1, InetAddress.getLoopbackAddress())) {
                return tcp.getLocalPort();
            } catch (BindException e) {
                if (attempt == PORT_TRIES) {
                    throw e;
                }
            }
        }
    }

    private static String nsd(Path folder, Path zones, List<String> origins, int port) {
        StringBuilder text = new StringBuilder("""
                server:
                  ip-address: 127.0.0.1@%d
                  username: ""
                  chroot: ""
                  zonesdir: "%s"
                  pidfile: "%s/pid"
                  xfrdfile: "%s/xfrd"
                  zonelistfile: "%s/list"
                  xfrdir: "%s"
                  database: ""
                  minimal-responses: yes
                  rrl-ratelimit: 0
                  identity: "ref"
                remote-control:
                  control-enable: no
                """.formatted(port, zones, folder, folder, folder, folder));
        origins.forEach(origin -> text.append("zone:\n  name: \"" + origin + "\"\n  zonefile: \"" + origin
                + ".zone\"\n  provide-xfr: 127.0.0.1 NOKEY\n"));
        return text.toString();
    }

    private static String knot(Path folder, Path zones, List<String> origins, int port) {
        StringBuilder text = new StringBuilder("""
                server:
                  rundir: "%s"
                  listen: 127.0.0.1@%d
                log:
                  - target: stderr
                    any: warning
                database:
                  storage: "%s"
                acl:
                  - id: all
                    action: transfer
                template:
                  - id: default
                    storage: "%s"
                    semantic-checks: off
                    journal-content: none
                    zonefile-sync: -1
                    acl: all
                zone:
                """.formatted(folder, port, folder, zones));
        origins.forEach(origin -> text.append("  - domain: " + origin + ".\n    file: " + origin + ".zone\n"));
        return text.toString();
    }

    private static String bind(Path folder, Path zones, List<String> origins, int port) {
        StringBuilder text = new StringBuilder("""
                options {
                  directory "%s"; pid-file "%s/pid"; session-keyfile "%s/key";
                  listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; };
                  recursion no; minimal-responses yes; minimal-any yes; empty-zones-enable no;
                  allow-transfer { any; }; dnssec-validation no; check-integrity no;
                  managed-keys-directory "%s";
                };
                controls { };
                """.formatted(folder, folder, folder, port, folder));
        origins.forEach(origin -> text.append(
                "zone \"" + origin + "\" { type primary; file \"" + zones.resolve(origin + ".zone") + "\"; };\n"));
        return text.toString();
    }

    Kind kind() {
        return kind;
    }

    int port() {
        return port;
    }

    /** Why it has ended, if it has. */
    Optional<String> fault() {
        return process.isAlive() ? Optional.empty() : Optional.of(log());
    }

    String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
