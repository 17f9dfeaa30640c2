package directory.thisdcos.l4lb.dns.resolvconf;

import directory.thisdcos.l4lb.model.Ip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code resolv.conf} says (resolv.conf(5)): resolvers in order, and the other lines that matter to a stub resolver
 * ({@code search}, {@code domain}, {@code options}, {@code sortlist}) as they stand.
 */
public record ResolvConf(List<Ip> nameservers, List<String> otherLines) {

    public ResolvConf {
        nameservers = List.copyOf(nameservers);
        otherLines = List.copyOf(otherLines);
    }

    /** Reads a file; a line that nobody understands is passed over, as the C library does. */
    public static ResolvConf read(Path file) throws IOException {
        return parse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    }

    /** What the lines of a file say. */
    public static ResolvConf parse(String text) {
        List<Ip> nameservers = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            String[] words = line.strip().split("[ \t]+", -1);
            switch (words[0]) {
                case "nameserver" -> {
                    if (words.length > 1) {
                        // A link-local address with its interface is left to the machine's own programs.
                        Ip.parse(words[1])
                                .filter(ip -> !nameservers.contains(ip))
                                .ifPresent(nameservers::add);
                    }
                }
                case "search", "domain", "options", "sortlist" -> others.add(String.join(" ", words));
                default -> {}
            }
        }
        return new ResolvConf(nameservers, others);
    }
}
