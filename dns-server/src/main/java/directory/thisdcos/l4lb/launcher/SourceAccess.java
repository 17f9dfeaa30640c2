package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import directory.thisdcos.l4lb.source.http.ServiceAccount;
import directory.thisdcos.l4lb.source.http.ServiceAccountLogin;
import directory.thisdcos.l4lb.source.http.TokenFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Whom sources trust, and who they say they are. */
record SourceAccess(ScopedFiles ca, ScopedFiles tokens, ScopedFiles accounts) {

    /** @param url the source's, as it was given */
    HttpTransport transport(String url, HostAddresses hosts) throws StartException {
        try {
            return new HttpTransport(hosts, ca.of(url));
        } catch (IOException e) {
            throw new StartException("--source-ca: " + e.getMessage(), e);
        }
    }

    /** @param servers where a service account logs in, unless its file says another place; may be empty */
    Authorization authorization(String url, List<ServerUrl> servers, HttpTransport transport, InstantSource clock)
            throws StartException {
        Optional<Path> account = accounts.of(url);
        Optional<Path> token = tokens.of(url);
        try {
            if (account.isPresent()) {
                ServiceAccount read = ServiceAccount.read(account.get());
                if (servers.isEmpty() && read.loginEndpoint().isEmpty()) {
                    throw new IOException("the service account file " + account.get()
                            + " needs a login_endpoint, because the masters are found through ZooKeeper");
                }
                return new ServiceAccountLogin(read, transport, servers, clock);
            }
            return token.isPresent() ? new TokenFile(token.get()) : Authorization.NONE;
        } catch (IOException e) {
            throw new StartException(
                    (account.isPresent() ? "--source-service-account: " : "--source-token: ") + e.getMessage(), e);
        }
    }
}
