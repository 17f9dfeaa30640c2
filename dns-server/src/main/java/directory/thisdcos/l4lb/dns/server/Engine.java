package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.DeferredQuery;
import java.util.function.Consumer;

/** What a transport needs: answerers, one for each of its threads, and somebody for what they defer. */
public interface Engine {
    Answerer newAnswerer();

    /** Calls {@code client} once with the response, from any thread. */
    void defer(DeferredQuery query, Consumer<byte[]> client);
}
