package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import directory.thisdcos.l4lb.launcher.cli.Authorities;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** What admin APIs need that listen where other machines reach them: one certificate for all, and a token for everything. */
record AdminTls(Path certificate, Path key, Path tokens) {
    private static final String TOKEN = "token-of-the-checker";

    /** A header that lets its bearer do everything. */
    static final String AUTHORIZATION = "Bearer " + TOKEN;

    static AdminTls make(Path folder, List<String> addresses) throws Exception {
        AdminTls made =
                new AdminTls(folder.resolve("admin.pem"), folder.resolve("admin.key"), folder.resolve("admin.tokens"));
        String names = addresses.stream().distinct().map(ip -> "IP:" + ip).collect(Collectors.joining(","));
        Shell.Result result = Shell.run(List.of(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                        + " -days 2 -subj /CN=allocators -addext subjectAltName=" + names + " -keyout " + made.key
                        + " -out " + made.certificate)
                .split(" ", -1)));
        assertEquals(0, result.exitCode(), result.err());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
        Files.writeString(made.tokens, "admin checker sha256:" + HexFormat.of().formatHex(hash) + "\n");
        return made;
    }

    List<String> options() {
        return List.of(
                "--admin-tls-cert",
                certificate.toString(),
                "--admin-tls-key",
                key.toString(),
                "--admin-tokens",
                tokens.toString());
    }

    HttpClient client(Duration connectTimeout) throws IOException {
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(connectTimeout)
                    .sslContext(Authorities.context(certificate))
                    .build();
        } catch (directory.thisdcos.l4lb.launcher.cli.CommandFailedException e) {
            throw new IOException(e);
        }
    }
}
