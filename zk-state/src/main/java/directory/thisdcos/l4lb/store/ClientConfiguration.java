package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.store.ZooKeeperAccess.Credentials;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Scheme;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Store;
import directory.thisdcos.l4lb.store.ZooKeeperAccess.Tls;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.curator.framework.AuthInfo;
import org.apache.zookeeper.client.ZKClientConfig;

/** ZooKeeper's names for our settings; one client's, never the whole process's. */
final class ClientConfiguration {
    private static final String NETTY_SOCKET = "org.apache.zookeeper.ClientCnxnSocketNetty";

    private ClientConfiguration() {}

    static ZKClientConfig of(ZooKeeperSettings settings) {
        ZKClientConfig config = new ZKClientConfig();
        // The default, 0, lets a request wait for ever.
        config.setProperty(
                ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT,
                Long.toString(settings.requestTimeout().toMillis()));
        settings.access().tls().ifPresent(tls -> secure(config, tls));
        Optional<Credentials> sasl = settings.access().credentials().filter(given -> given.scheme() == Scheme.SASL);
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, Boolean.toString(sasl.isPresent()));
        sasl.ifPresent(given -> {
            config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, SaslLogin.register(given));
            // MD5 is not allowed by FIPS 140, and ZooKeeper's client assumes by default that this counts
            // (ZOOKEEPER-4393).
            config.setProperty("zookeeper.fips-mode", "false");
        });
        return config;
    }

    private static void secure(ZKClientConfig config, Tls tls) {
        config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, NETTY_SOCKET);
        config.setProperty("zookeeper.ssl.hostnameVerification", Boolean.toString(tls.verifyHostName()));
        tls.trustStore().ifPresent(store -> store(config, "zookeeper.ssl.trustStore", store));
        tls.keyStore().ifPresent(store -> store(config, "zookeeper.ssl.keyStore", store));
    }

    private static void store(ZKClientConfig config, String prefix, Store store) {
        config.setProperty(prefix + ".location", store.file().toAbsolutePath().toString());
        config.setProperty(prefix + ".password", store.password());
        config.setProperty(prefix + ".type", type(store.file().toString().toLowerCase(Locale.ROOT)));
    }

    private static String type(String name) {
        if (name.endsWith(".p12") || name.endsWith(".pfx")) {
            return "PKCS12";
        }
        return name.endsWith(".jks") ? "JKS" : "PEM";
    }

    /** What each new session says first, for ZooKeeper's own scheme. */
    static List<AuthInfo> authorization(ZooKeeperAccess access) {
        return access.credentials().filter(given -> given.scheme() == Scheme.DIGEST).stream()
                .map(given -> new AuthInfo(
                        "digest", (given.user() + ":" + given.password()).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
