package directory.thisdcos.l4lb.store;

import directory.thisdcos.l4lb.store.ZooKeeperAccess.Credentials;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.server.auth.DigestLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * ZooKeeper takes SASL credentials only from the process's JAAS configuration; this one holds ours by name, and asks the
 * one that was there before for all other names.
 */
final class SaslLogin extends Configuration {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static @Nullable SaslLogin installed;

    private final Map<String, AppConfigurationEntry[]> ours = new ConcurrentHashMap<>();
    private final @Nullable Configuration before;

    private SaslLogin(@Nullable Configuration before) {
        this.before = before;
    }

    /** @return the name under which ZooKeeper's client finds the credentials */
    static synchronized String register(Credentials credentials) {
        if (installed == null) {
            installed = new SaslLogin(present());
            Configuration.setConfiguration(installed);
        }
        String name = "l4lb-" + NUMBER.incrementAndGet();
        installed.ours.put(name, new AppConfigurationEntry[] {
            new AppConfigurationEntry(
                    DigestLoginModule.class.getName(),
                    LoginModuleControlFlag.REQUIRED,
                    Map.of("username", credentials.user(), "password", credentials.password()))
        });
        return name;
    }

    private static @Nullable Configuration present() {
        try {
            return Configuration.getConfiguration();
        } catch (SecurityException e) {
            // The JDK's way to say that no file was named with -Djava.security.auth.login.config.
            return null;
        }
    }

    @Override
    public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String name) {
        AppConfigurationEntry[] entry = ours.get(name);
        return entry == null && before != null ? before.getAppConfigurationEntry(name) : entry;
    }
}
