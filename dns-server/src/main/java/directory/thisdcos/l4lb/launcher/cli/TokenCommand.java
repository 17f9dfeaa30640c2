package directory.thisdcos.l4lb.launcher.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a token for the admin API. */
@Command(
        name = "token",
        description = {
            "Makes a token for the admin API.",
            "Standard output gets the line for the file of --admin-tokens, which holds no secret;"
                    + " standard error gets the token itself, which is shown this once.",
            ""
        },
        footerHeading = "%nTry it:%n",
        footer = {"  ./l4lb token alice --role write >>/etc/l4lb/tokens"})
final class TokenCommand implements Callable<Integer> {
    private static final int OCTETS = 32;

    /** What its holder may do. */
    enum TokenRole {
        READ,
        WRITE,
        ADMIN
    }

    @Parameters(paramLabel = "NAME", description = "Whose it is, for the audit log; letters, digits and . _ @ -")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "read",
            description = "read: see everything; write: declare services too; admin: everything."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TokenRole role;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException {
        if (!name.matches("[A-Za-z0-9._@-]{1,64}")) {
            throw new CommandFailedException("'" + name + "' is no name: use letters, digits and . _ @ -");
        }
        byte[] secret = new byte[OCTETS];
        new SecureRandom().nextBytes(secret);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        PrintWriter out = spec.commandLine().getOut();
        out.println(role.name().toLowerCase(Locale.ROOT) + " " + name + " sha256:" + hash(token));
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        err.println(token);
        err.flush();
        return 0;
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
