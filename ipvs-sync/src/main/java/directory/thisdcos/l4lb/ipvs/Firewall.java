package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.UTF_8;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Prefix;
import directory.thisdcos.l4lb.runtime.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our one nftables table, replaced as a whole in one transaction and only when it is not as it should be. How
 * {@code nft} prints a table differs between its versions, so the listing is not compared with what was written but with
 * the listing right after that write; its digest is kept in a file for the next start.
 */
final class Firewall {
    private static final Logger log = LoggerFactory.getLogger(Firewall.class);
    private static final String FILE = "nftables.digest";
    private static final String SUBJECT = "nftables table inet l4lb";

    private final NftProgram nft;
    private final Path digestFile;
    private final IpvsMetrics metrics;
    private Optional<Problem> problem = Optional.empty();

    Firewall(NftProgram nft, Path directory, IpvsMetrics metrics) {
        this.nft = nft;
        this.digestFile = directory.resolve(FILE);
        this.metrics = metrics;
    }

    /** Number of tables written: 0 or 1. */
    int ensure(LocalAddresses addresses) {
        try {
            String wanted = text(addresses);
            if (isAsWritten(wanted, nft.list())) {
                problem = Optional.empty();
                return 0;
            }
            metrics.writes(1);
            nft.load(wanted);
            OwnershipJournal.replace(digestFile, List.of(digest(wanted), digest(nft.list())));
            log.info("nftables table written prefixes={}", addresses.prefixes().size());
            problem = Optional.empty();
            return 1;
        } catch (NftProgram.MissingException e) {
            problem = Optional.of(new Problem(
                    "nft-missing",
                    SUBJECT,
                    "leak guard and masquerading are off, there is no program nft: install the package nftables"
                            + " (Debian, Ubuntu: apt-get install nftables)"));
        } catch (IOException e) {
            problem = Optional.of(new Problem("nft", SUBJECT, "cannot be written: " + e.getMessage()));
        }
        return 0;
    }

    private boolean isAsWritten(String wanted, String listing) throws IOException {
        return !listing.isEmpty()
                && Files.exists(digestFile)
                && Files.readAllLines(digestFile, UTF_8).equals(List.of(digest(wanted), digest(listing)));
    }

    List<Problem> problems() {
        return problem.stream().toList();
    }

    /**
     * The table. Guard: one route makes every address of a pool this host's own, and with it every port on which the
     * host listens; what IPVS has left over (its hooks are at priority 98 and 99 of input) is refused. Connections that
     * are open come first: the answers to a client on this host carry a virtual address as their destination. Own: rules
     * that map host ports to containers would take {@code VIP:port} for {@code host:port}; the first rule that rewrites
     * a connection's destination wins, so ours, which changes nothing, stands one before them. Source: servers answer
     * through this host, whoever the client is.
     */
    static String text(LocalAddresses addresses) {
        return """
                add table inet l4lb
                delete table inet l4lb
                table inet l4lb {
                	set vips4 {
                		type ipv4_addr
                		flags interval
                		elements = { %s }
                	}
                	set vips6 {
                		type ipv6_addr
                		flags interval
                		elements = { %s }
                	}
                	chain guard {
                		type filter hook input priority 110; policy accept;
                		ct state established,related accept
                		meta l4proto { icmp, ipv6-icmp } accept
                		ip daddr @vips4 meta l4proto tcp reject with tcp reset
                		ip daddr @vips4 reject with icmp port-unreachable
                		ip6 daddr @vips6 meta l4proto tcp reject with tcp reset
                		ip6 daddr @vips6 reject with icmpv6 port-unreachable
                	}
                	chain own_output {
                		type nat hook output priority -101; policy accept;
                		ip daddr @vips4 dnat ip to ip daddr
                		ip6 daddr @vips6 dnat ip6 to ip6 daddr
                	}
                	chain own_prerouting {
                		type nat hook prerouting priority -101; policy accept;
                		ip daddr @vips4 dnat ip to ip daddr
                		ip6 daddr @vips6 dnat ip6 to ip6 daddr
                	}
                	chain source {
                		type nat hook postrouting priority 100; policy accept;
                		ct original ip daddr @vips4 masquerade random,fully-random
                		ct original ip6 daddr @vips6 masquerade random,fully-random
                	}
                }
                """.formatted(elements(addresses, Family.V4), elements(addresses, Family.V6));
    }

    private static String elements(LocalAddresses addresses, Family family) {
        return addresses.prefixes().stream()
                .filter(prefix -> prefix.network().family() == family)
                .map(Prefix::toString)
                .collect(Collectors.joining(", "));
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
