package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.Ip;
import io.javalin.http.Context;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who asks, and whether they may. */
final class Gate {
    private static final String CALLER = "l4lb.caller";
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** For those who only ask whether the process lives; the page itself holds nothing either. */
    private static final Set<String> OPEN_PATHS = Set.of("/healthz", "/readyz");

    private static final Pattern BEARER = Pattern.compile("Bearer +([\\x21-\\x7e]{1,512})", Pattern.CASE_INSENSITIVE);
    private static final Pattern SUBJECT = Pattern.compile("(?:^|,\\s*)(CN|OU)=([^,]+)");

    private final boolean open;
    private final Optional<Tokens> tokens;

    /** @param open whether everybody may do everything, who is on this machine */
    Gate(boolean open, Optional<Tokens> tokens) {
        this.open = open;
        this.tokens = tokens;
    }

    static Caller caller(Context context) {
        Caller caller = context.attribute(CALLER);
        return caller == null ? new Caller("nobody", Role.READ) : caller;
    }

    /** Whether who asks is known by a client certificate, which nobody can show in their place. */
    static boolean hasCertificate(Context context) {
        X509Certificate[] chain = context.attribute(CERTIFICATES);
        return chain != null && chain.length > 0;
    }

    void check(Context context) {
        boolean reads = READS.contains(context.method().name());
        if (!reads) {
            refuseForeignPages(context);
        }
        if (reads && (OPEN_PATHS.contains(context.path()) || WebPage.FILES.containsKey(context.path()))) {
            return;
        }
        Caller caller = open ? new Caller("loopback", Role.ADMIN) : identify(context);
        context.attribute(CALLER, caller);
        Role needed = reads ? Role.READ : needed(context.path());
        if (!caller.role().includes(needed)) {
            throw new ApiException(
                    403,
                    "not allowed",
                    "Authorization",
                    caller.name() + " has the role " + caller.role().text() + ", and this takes " + needed.text(),
                    "ask for a token of that role");
        }
    }

    /** Declaring services is what their owners do; everything else concerns all. */
    private static Role needed(String path) {
        return path.startsWith("/v1/services/") ? Role.WRITE : Role.ADMIN;
    }

    /**
     * A page of another site, opened in the browser of somebody on this machine, can reach loopback too: its changes carry
     * that site's Origin, or, after the site's name was pointed here, its Host.
     */
    private void refuseForeignPages(Context context) {
        String host = Optional.ofNullable(context.header("Host")).orElse("");
        String origin = context.header("Origin");
        boolean foreign = origin != null && !host.equals(authority(origin));
        if (foreign || (open && !isLiteral(host))) {
            throw new ApiException(
                    403,
                    "another site",
                    foreign ? "Origin" : "Host",
                    "changes are not taken from pages of other sites",
                    "use the address of this API itself");
        }
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isLiteral(String host) {
        String name = host.replaceFirst(":[0-9]+$", "").replaceAll("[\\[\\]]", "");
        return name.equals("localhost") || Ip.parse(name).isPresent();
    }

    private Caller identify(Context context) {
        X509Certificate[] chain = context.attribute(CERTIFICATES);
        if (chain != null && chain.length > 0) {
            return of(chain[0]);
        }
        Matcher bearer = BEARER.matcher(
                Optional.ofNullable(context.header("Authorization")).orElse(""));
        Optional<Caller> caller =
                bearer.matches() ? tokens.flatMap(known -> known.find(bearer.group(1))) : Optional.empty();
        return caller.orElseThrow(() -> {
            context.header("WWW-Authenticate", "Bearer");
            return new ApiException(
                    401,
                    "who are you",
                    "Authorization",
                    bearer.matches() ? "this token is unknown" : "no token was given",
                    tokens.isPresent()
                            ? "send Authorization: Bearer TOKEN; l4lb takes it from --token-file"
                            : "come with a client certificate");
        });
    }

    /** The common name is who, the organizational unit is the role; without one it is to read. */
    private static Caller of(X509Certificate certificate) {
        String name = "certificate";
        Role role = Role.READ;
        Matcher field = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
        while (field.find()) {
            if (field.group(1).equals("CN")) {
                name = field.group(2);
            } else {
                role = Role.parse(field.group(2)).orElse(role);
            }
        }
        return new Caller(name, role);
    }
}
