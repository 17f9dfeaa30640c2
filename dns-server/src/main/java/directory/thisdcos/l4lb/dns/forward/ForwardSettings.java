package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.model.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who resolves what is outside our zones.
 *
 * @param upstreams resolvers for every name, in order
 * @param resolvConf a file in the format of resolv.conf that names more of them, and is followed when it changes
 * @param bySuffix resolvers for the names below a suffix; the longest suffix wins
 * @param tlsAuthority certificates of authorities (PEM) for upstreams over TLS; empty for those that the JVM trusts
 * @param cacheBytes octets that the cache of answers may take
 */
public record ForwardSettings(
        List<Upstream> upstreams,
        Optional<Path> resolvConf,
        Map<Name, List<Upstream>> bySuffix,
        Optional<Path> tlsAuthority,
        long cacheBytes) {
    public static final long DEFAULT_CACHE_BYTES = 32L << 20;

    /** In place of a file: what this machine used before we became its resolver. */
    public static final String SYSTEM = "system";

    private static final Path SYSTEM_FILE = Path.of("/etc/resolv.conf");
    /** A suffix must leave room for what is asked below it, the probes included. */
    private static final int MAX_SUFFIX = 200;

    public ForwardSettings {
        upstreams = List.copyOf(upstreams);
        bySuffix = Map.copyOf(bySuffix);
    }

    /** Whether there are upstreams over TLS. */
    boolean hasTls() {
        return Stream.concat(upstreams.stream(), bySuffix.values().stream().flatMap(List::stream))
                .anyMatch(Upstream::isTls);
    }

    /** Nothing is forwarded. */
    public static ForwardSettings none() {
        return new ForwardSettings(List.of(), Optional.empty(), Map.of(), Optional.empty(), DEFAULT_CACHE_BYTES);
    }

    /** Everything goes to these. */
    public static ForwardSettings to(List<Upstream> upstreams) {
        return new ForwardSettings(upstreams, Optional.empty(), Map.of(), Optional.empty(), DEFAULT_CACHE_BYTES);
    }

    /**
     * From the texts of options.
     *
     * @param upstreams addresses, {@link #SYSTEM}, or the absolute path of a file like resolv.conf
     * @param forwards {@code SUFFIX=ADDRESS,ADDRESS…}; an element without {@code =} is one more address of the one before
     *     it, because lists in the environment are cut at commas
     * @throws IllegalArgumentException with the option, the value and the fix
     */
    public static ForwardSettings parse(
            List<String> upstreams, List<String> forwards, Optional<Path> tlsAuthority, long cacheBytes) {
        List<Upstream> addresses = new ArrayList<>();
        Optional<Path> file = Optional.empty();
        for (String text : upstreams) {
            boolean isFile = text.equals(SYSTEM) || text.startsWith("/");
            if (isFile && file.isPresent()) {
                throw new IllegalArgumentException("--upstream " + text + ": only one file can be followed");
            } else if (isFile) {
                file = Optional.of(text.equals(SYSTEM) ? SYSTEM_FILE : Path.of(text));
            } else {
                addresses.add(upstream("--upstream", text));
            }
        }
        return new ForwardSettings(addresses, file, bySuffix(forwards), tlsAuthority, cacheBytes);
    }

    private static Map<Name, List<Upstream>> bySuffix(List<String> forwards) {
        Map<Name, List<Upstream>> bySuffix = new HashMap<>();
        List<Upstream> current = null;
        for (String forward : forwards) {
            int equals = forward.indexOf('=');
            if (equals >= 0) {
                current = bySuffix.computeIfAbsent(
                        suffix(forward, forward.substring(0, equals)), suffix -> new ArrayList<>());
            } else if (current == null) {
                throw new IllegalArgumentException(
                        "--forward " + forward + ": write SUFFIX=ADDRESS:PORT, such as mesos=10.0.0.1:53,10.0.0.2:53");
            }
            for (String address : forward.substring(equals + 1).split(",", -1)) {
                current.add(upstream("--forward", address.strip()));
            }
        }
        return bySuffix;
    }

    private static Name suffix(String forward, String text) {
        Name name;
        try {
            name = Name.of(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--forward " + forward + ": " + e.getMessage());
        }
        if (name.isRoot()) {
            throw new IllegalArgumentException("--forward " + forward + ": for all other names use --upstream");
        }
        if (name.length() > MAX_SUFFIX) {
            throw new IllegalArgumentException("--forward " + forward + ": the suffix is too long");
        }
        return name;
    }

    private static Upstream upstream(String option, String text) {
        try {
            return Upstream.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + " " + e.getMessage());
        }
    }

    /** Whether anything is forwarded at all. */
    public boolean isUsed() {
        return !upstreams.isEmpty() || resolvConf.isPresent() || !bySuffix.isEmpty();
    }

    /** Every address that is named. */
    public List<Endpoint> addresses() {
        return Stream.concat(upstreams.stream(), bySuffix.values().stream().flatMap(List::stream))
                .map(Upstream::address)
                .distinct()
                .toList();
    }
}
