package directory.thisdcos.l4lb.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate authority of a test and what it signed, made with openssl as an operator would: each name has a PEM file
 * with its key, its certificate and the authority's, and the same as PKCS12 with a password.
 */
final class Certificates {
    static final String PASSWORD = "test-password";

    private final Path dir;

    private Certificates(Path dir) {
        this.dir = dir;
    }

    static Certificates make(Path dir) throws IOException, InterruptedException {
        Certificates made = new Certificates(dir);
        Files.writeString(dir.resolve("names"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
        made.request("ca", "-x509", "-out", "ca.pem", "-days", "2");
        for (String who : List.of("server", "allocator", "node", "stranger")) {
            made.sign(who);
        }
        return made;
    }

    private void request(String who, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("req", "-newkey", "ec", "-pkeyopt"));
        arguments.addAll(List.of("ec_paramgen_curve:P-256", "-nodes", "-keyout", who + ".key", "-subj", "/CN=" + who));
        arguments.addAll(List.of(more));
        openssl(arguments);
    }

    private void sign(String who) throws IOException, InterruptedException {
        request(who, "-out", who + ".csr");
        List<String> sign = new ArrayList<>(List.of("x509", "-req", "-in", who + ".csr", "-out", who + ".crt"));
        sign.addAll(List.of("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"));
        openssl(sign);
        List<String> export =
                new ArrayList<>(List.of("pkcs12", "-export", "-in", who + ".crt", "-inkey", who + ".key"));
        export.addAll(List.of("-certfile", "ca.pem", "-out", who + ".p12", "-passout", "pass:" + PASSWORD));
        openssl(export);
        Files.writeString(pem(who), text(who + ".key") + text(who + ".crt") + text("ca.pem"));
    }

    private String text(String file) throws IOException {
        return Files.readString(dir.resolve(file));
    }

    private void openssl(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command + ": " + output);
        }
    }

    Path authority() {
        return dir.resolve("ca.pem");
    }

    Path pem(String who) {
        return dir.resolve(who + ".pem");
    }

    Path pkcs12(String who) {
        return dir.resolve(who + ".p12");
    }
}
