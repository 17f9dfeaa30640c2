package directory.thisdcos.l4lb.dns.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Whether a private key is that of a certificate: the TLS library would only find out with the first client. */
final class KeyCheck {
    private static final byte[] SAMPLE = "sample".getBytes(StandardCharsets.US_ASCII);
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private KeyCheck() {}

    static void check(TlsFiles files) throws IOException {
        try (InputStream in = Files.newInputStream(files.certificate())) {
            PublicKey certified = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
            String algorithm = certified.getAlgorithm();
            PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(read(files)));
            Signature signature = Signature.getInstance(signature(algorithm));
            signature.initSign(key);
            signature.update(SAMPLE);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(SAMPLE);
            if (!signature.verify(signed)) {
                throw new IOException("the key is not the certificate's");
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the key is not the certificate's", e);
        }
    }

    private static String signature(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "EC" -> "SHA256withECDSA";
            case "RSA", "DSA" -> "SHA256with" + keyAlgorithm;
            default -> keyAlgorithm;
        };
    }

    private static byte[] read(TlsFiles files) throws IOException {
        String text = Files.readString(files.key(), StandardCharsets.ISO_8859_1);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IOException("no unencrypted PKCS#8 key is in the key file");
        }
        return Base64.getMimeDecoder().decode(text.substring(from + BEGIN.length(), to));
    }
}
