package directory.thisdcos.l4lb.source.mesos;

import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ServerGroup;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the masters of a cluster. */
public interface Masters extends AutoCloseable {

    /**
     * Whom to ask now. Any master will do: one that does not lead names the leader.
     *
     * @throws IOException if none is known; the message is one line
     */
    ServerGroup current() throws IOException;

    /** Starts to watch; {@code changed} is called, from any thread, when another master leads. */
    void start(Runnable changed) throws IOException;

    /** Says that the one asked last is of no use. */
    void failed();

    /** Where they are looked for; text without secrets. */
    @Override
    String toString();

    @Override
    void close();

    /** Masters at addresses that do not change. */
    static Masters at(List<ServerUrl> urls, HttpTransport transport, Authorization authorization) {
        ServerGroup group = new ServerGroup(transport, urls, authorization);
        return new Masters() {
            @Override
            public ServerGroup current() {
                return group;
            }

            @Override
            public void start(Runnable changed) {}

            @Override
            public void failed() {
                group.preferAnother();
            }

            @Override
            public String toString() {
                return urls.stream().map(ServerUrl::toString).collect(Collectors.joining(","));
            }

            @Override
            public void close() {}
        };
    }
}
