package directory.thisdcos.l4lb.dns.server;

import java.nio.file.Path;

/**
 * Where the server's identity is.
 *
 * @param certificate PEM, the server's certificate first, then its chain
 * @param key PEM, PKCS#8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {}
