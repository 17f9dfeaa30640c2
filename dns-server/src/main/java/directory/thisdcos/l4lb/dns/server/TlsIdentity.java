package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and key, read again when their files change, so that a renewal needs no restart. Files that cannot be used
 * are reported, and the identity before stays. The files are looked at when a client connects, once a second at most.
 */
final class TlsIdentity {
    private static final Logger log = LoggerFactory.getLogger(TlsIdentity.class);
    private static final String REPORTER = "dns-tls";
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What tells one version of the files from another. */
    private record Stamp(FileTime certificate, FileTime key) {}

    private final TlsFiles files;
    private final ProblemBoard problems;
    private Stamp stamp;
    private SslContext context;
    private long lookedAt = System.nanoTime();

    /** @throws IOException with one line that names the file, if the files cannot be used */
    TlsIdentity(TlsFiles files, ProblemBoard problems) throws IOException {
        this.files = files;
        this.problems = problems;
        this.stamp = look();
        this.context = load();
    }

    synchronized SslContext context() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_NANOS) {
            lookedAt = now;
            refresh();
        }
        return context;
    }

    private void refresh() {
        try {
            Stamp current = look();
            if (current.equals(stamp)) {
                return;
            }
            // The two files do not change at once: a pair that does not fit is tried again until it does.
            context = load();
            stamp = current;
            log.info("DNS over TLS uses the new certificate {}", files.certificate());
            problems.report(REPORTER, List.of());
        } catch (IOException e) {
            problems.report(
                    REPORTER,
                    List.of(new Problem(
                            "dns-certificate",
                            files.certificate().toString(),
                            e.getMessage() + "; the certificate before it stays in use")));
        }
    }

    private Stamp look() throws IOException {
        return new Stamp(modified(files.certificate()), modified(files.key()));
    }

    private static FileTime modified(java.nio.file.Path file) throws IOException {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new IOException("the TLS file " + file + " cannot be read", e);
        }
    }

    private SslContext load() throws IOException {
        try {
            KeyCheck.check(files);
            return SslContextBuilder.forServer(
                            files.certificate().toFile(), files.key().toFile())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.2", "TLSv1.3")
                    .build();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    "the certificate " + files.certificate() + " with the key " + files.key() + " cannot be used: "
                            + e.getMessage() + "; both are PEM, the key PKCS#8 without a password",
                    e);
        }
    }
}
