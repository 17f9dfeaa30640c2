package directory.thisdcos.l4lb.admin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * PEM files as the JDK wants them.
 *
 * @param identity certificate and key, under {@link #PASSWORD}
 * @param clients whose certificates clients may come with
 */
record PemStores(KeyStore identity, Optional<KeyStore> clients) {
    /** Of a store in memory only. */
    static final String PASSWORD = "memory";

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** @throws IOException with one line that names the file */
    static PemStores read(AdminAccess access) throws IOException {
        Path certificate = access.certificate().orElseThrow();
        Path key = access.key().orElseThrow();
        try {
            KeyStore identity = empty();
            Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
            PrivateKey secret = key(key, chain[0].getPublicKey().getAlgorithm());
            identity.setKeyEntry("admin", secret, PASSWORD.toCharArray(), chain);
            return new PemStores(
                    identity,
                    access.clientAuthorities().isPresent()
                            ? Optional.of(trust(access.clientAuthorities().get()))
                            : Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificate " + certificate + " with the key " + key + " cannot be used: " + e.getMessage()
                            + "; both are PEM, the key PKCS#8 without a password",
                    e);
        }
    }

    /** Trusts what this server's own certificate, or its clients', come from: the other allocators' do too. */
    static SSLContext peers(AdminAccess access) throws IOException {
        try {
            KeyStore store = empty();
            add(store, access.certificate().orElseThrow());
            if (access.clientAuthorities().isPresent()) {
                add(store, access.clientAuthorities().get());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificates of " + access.certificate().orElseThrow() + " cannot be trusted: "
                            + e.getMessage(),
                    e);
        }
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyStore trust(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        add(store, file);
        return store;
    }

    private static void add(KeyStore store, Path file) throws IOException, GeneralSecurityException {
        for (Certificate certificate : certificates(file)) {
            store.setCertificateEntry("ca-" + store.size(), certificate);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new IOException(file + " holds no certificate; give one in PEM form");
            }
            return all;
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new IOException(file + " holds no PKCS#8 key (BEGIN PRIVATE KEY); convert it with:"
                    + " openssl pkcs8 -topk8 -nocrypt -in OLD -out NEW");
        }
        byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }
}
