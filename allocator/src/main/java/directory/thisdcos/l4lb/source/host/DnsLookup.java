package directory.thisdcos.l4lb.source.host;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.HostAddresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.hosts.HostsFileParser;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/**
 * Looks a name up in the hosts file, then with name servers that are not this program's own. Answers are not cached
 * here. NSS modules other than {@code files} and {@code dns} are not asked. Safe for every thread.
 */
public final class DnsLookup implements HostAddresses.Lookup {
    private static final Duration PER_SERVER = Duration.ofSeconds(2);
    private static final Duration IN_ALL = Duration.ofSeconds(6);
    private static final int RETRIES = 2;

    private final List<Endpoint> upstreams;
    private final Collection<Endpoint> own;
    private final Path resolvConf;
    private final HostsFileParser hosts;
    private volatile Session session = new Session("", null);

    /** Made anew when the text of resolv.conf changes, as it does with each DHCP lease. */
    private record Session(String text, @Nullable LookupSession lookups) {}

    /**
     * @param upstreams name servers to ask; if empty, those of {@code resolvConf} that are not {@code own}
     * @param own where this program's DNS server listens
     */
    public DnsLookup(List<Endpoint> upstreams, Collection<Endpoint> own, Path resolvConf, Path hostsFile) {
        this.upstreams = List.copyOf(upstreams);
        this.own = List.copyOf(own);
        this.resolvConf = resolvConf;
        this.hosts = new HostsFileParser(hostsFile);
    }

    /** With the machine's own files. */
    public static DnsLookup ofMachine(List<Endpoint> upstreams, Collection<Endpoint> own) {
        return new DnsLookup(upstreams, own, Path.of("/etc/resolv.conf"), Path.of("/etc/hosts"));
    }

    @Override
    public List<Ip> addresses(String host) throws UnknownHostException {
        LookupSession lookups = lookups();
        try {
            Name name = Name.fromString(host);
            List<Ip> found = ask(lookups, name, Type.A);
            return found.isEmpty() ? ask(lookups, name, Type.AAAA) : found;
        } catch (TextParseException e) {
            throw unknown(host, "it is no host name: " + e.getMessage());
        }
    }

    private static List<Ip> ask(LookupSession lookups, Name name, int type) throws UnknownHostException {
        try {
            List<Record> records = lookups.lookupAsync(name, type)
                    .toCompletableFuture()
                    .get(IN_ALL.toMillis(), TimeUnit.MILLISECONDS)
                    .getRecords();
            return records.stream().flatMap(record -> address(record).stream()).toList();
        } catch (ExecutionException e) {
            if (type == Type.A && isNegative(e.getCause())) {
                return List.of();
            }
            throw unknown(name.toString(), String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            throw unknown(name.toString(), "no answer within " + IN_ALL.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(name.toString(), "the program stops");
        }
    }

    private static boolean isNegative(@Nullable Throwable cause) {
        return cause instanceof NoSuchRRSetException || cause instanceof NoSuchDomainException;
    }

    private static List<Ip> address(Record record) {
        if (record instanceof ARecord a) {
            return List.of(Ip.of(a.getAddress()));
        }
        return record instanceof AAAARecord aaaa ? List.of(Ip.of(aaaa.getAddress())) : List.of();
    }

    private static UnknownHostException unknown(String host, String reason) {
        return new UnknownHostException(host + ": " + reason);
    }

    private LookupSession lookups() throws UnknownHostException {
        String text;
        try {
            text = Files.readString(resolvConf);
        } catch (IOException e) {
            text = ""; // resolv.conf(5): without the file the defaults hold; the hosts file still counts
        }
        Session current = session;
        LookupSession lookups = current.lookups;
        if (lookups == null || !current.text.equals(text)) {
            lookups = make(NameServers.ofResolvConf(text, own));
            session = new Session(text, lookups);
        }
        return lookups;
    }

    private LookupSession make(NameServers found) throws UnknownHostException {
        NameServers servers = upstreams.isEmpty() ? found : found.withServers(upstreams);
        List<Name> search = new ArrayList<>();
        for (String domain : servers.search()) {
            try {
                search.add(Name.fromString(domain, Name.root));
            } catch (TextParseException e) {
                // A domain that is no name leads to no host either.
            }
        }
        return LookupSession.builder()
                .resolver(resolver(servers.servers()))
                .clearCaches()
                .hostsFileParser(hosts)
                .ndots(servers.ndots())
                .searchPath(search)
                .build();
    }

    private static Resolver resolver(List<Endpoint> servers) throws UnknownHostException {
        List<Resolver> each = new ArrayList<>();
        for (Endpoint server : servers) {
            SimpleResolver one =
                    new SimpleResolver(new InetSocketAddress(server.ip().toInetAddress(), server.port()));
            one.setTimeout(PER_SERVER);
            each.add(one);
        }
        if (each.isEmpty()) {
            return new NoResolver();
        }
        ExtendedResolver all = new ExtendedResolver(each);
        all.setRetries(RETRIES);
        all.setTimeout(IN_ALL);
        return all;
    }
}
