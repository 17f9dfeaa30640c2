package directory.thisdcos.l4lb.dns.resolvconf;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes this DNS server the machine's resolver, and undoes it. Doing either twice changes nothing. Understood are:
 *
 * <ul>
 *   <li>a plain file: it is put aside and replaced in one step;
 *   <li>a link that another program maintains (resolvconf, NetworkManager, the uplinks of systemd-resolved): the link is
 *       put aside, so what the program writes can still be followed through it;
 *   <li>the stub of systemd-resolved: the link stays, and a drop-in makes resolved ask us for every name.
 * </ul>
 */
public final class Installer {
    private static final String MARK = "# Written by l4lb.";
    private static final String NOTE = MARK + " \"l4lb resolv-conf --restore\" brings back what was here before.\n";
    private static final String ASIDE = ".before-l4lb";
    /** What the C library reads (MAXNS). */
    private static final int MAX_NAMESERVERS = 3;

    private final Path file;
    private final Path dropIn;
    private final Path resolvedState;

    /** @param root of the machine's files, {@code /} unless it is being prepared from outside */
    public Installer(Path root) {
        this.file = root.resolve("etc/resolv.conf");
        this.dropIn = root.resolve("etc/systemd/resolved.conf.d/l4lb.conf");
        this.resolvedState = root.resolve("run/systemd/resolve");
    }

    /** What was done, in words, and whether systemd-resolved has to be restarted to see it. */
    public record Report(List<String> lines, boolean restartResolved) {}

    /** Where a file is put aside. */
    static Path asideOf(Path file) {
        return file.resolveSibling(file.getFileName() + ASIDE);
    }

    /** The content of a {@code resolv.conf} that names these servers and keeps the search list and options. */
    public String render(List<Ip> servers) throws IOException {
        StringBuilder text = new StringBuilder(NOTE);
        servers.stream()
                .limit(MAX_NAMESERVERS)
                .forEach(ip -> text.append("nameserver ").append(ip).append('\n'));
        ResolvConf before = before();
        before.otherLines().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private ResolvConf before() throws IOException {
        Path source = isOurs() ? asideOf(file) : file;
        return Files.exists(source) ? ResolvConf.read(source) : ResolvConf.parse("");
    }

    /** Puts these servers in. */
    public Report install(List<Ip> servers) throws IOException {
        List<String> lines = new ArrayList<>();
        boolean restart = false;
        if (Files.isDirectory(resolvedState)) {
            restart = installDropIn(servers, lines);
        }
        if (leadsTo("stub-resolv.conf")) {
            lines.add(file + " stays a link to the stub of systemd-resolved, which asks us");
        } else {
            installFile(render(servers), lines);
        }
        return new Report(lines, restart);
    }

    private boolean installDropIn(List<Ip> servers, List<String> lines) throws IOException {
        String addresses = servers.stream().map(Ip::toString).collect(Collectors.joining(" "));
        // An empty DNS= forgets servers set elsewhere; "~." sends every name here, whatever the links say.
        String text = NOTE + "[Resolve]\nDNS=\nDNS=" + addresses + "\nDomains=~.\n";
        if (Files.exists(dropIn) && Files.readString(dropIn).equals(text)) {
            lines.add(dropIn + " is as it should be");
            return false;
        }
        Files.createDirectories(ConfigFile.parent(dropIn));
        new ConfigFile(dropIn).write(text);
        lines.add("wrote " + dropIn);
        return true;
    }

    private void installFile(String text, List<String> lines) throws IOException {
        ConfigFile target = new ConfigFile(file);
        if (isOurs()) {
            if (Files.readString(file).equals(text)) {
                lines.add(file + " is as it should be");
                return;
            }
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Path aside = asideOf(file);
            target.putAside(aside);
            lines.add("kept what was there as " + aside);
        }
        target.write(text);
        lines.add("wrote " + file);
    }

    /** Brings back what was there. */
    public Report restore() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean restart = Files.deleteIfExists(dropIn);
        if (restart) {
            lines.add("removed " + dropIn);
        }
        Path aside = asideOf(file);
        boolean hasAside = Files.exists(aside, LinkOption.NOFOLLOW_LINKS);
        if (isOurs() || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (hasAside) {
                new ConfigFile(file).bringBack(aside);
                lines.add("brought back " + file);
            } else if (Files.deleteIfExists(file)) {
                lines.add("removed " + file + "; there was none before");
            }
        } else if (hasAside) {
            lines.add(file + " was written by somebody else since and stays; what was there before us is " + aside);
        }
        if (lines.isEmpty()) {
            lines.add("nothing of ours to remove");
        }
        return new Report(lines, restart);
    }

    private boolean isOurs() throws IOException {
        return isOurs(file);
    }

    /** Whether we wrote a file. */
    static boolean isOurs(Path file) throws IOException {
        return !Files.isSymbolicLink(file)
                && Files.isRegularFile(file)
                && Files.readString(file, StandardCharsets.ISO_8859_1).startsWith(MARK);
    }

    private boolean leadsTo(String name) throws IOException {
        return Files.isSymbolicLink(file)
                && Files.readSymbolicLink(file).toString().contains("systemd")
                && Files.readSymbolicLink(file).endsWith(name);
    }
}
