package directory.thisdcos.l4lb.dns.server;

import directory.thisdcos.l4lb.dns.answer.Answerer;
import directory.thisdcos.l4lb.dns.answer.Transport;
import directory.thisdcos.l4lb.dns.wire.Wire;

/** Scratch space of one thread, shared by its TCP connections. */
final class TcpDesk {
    private final Answerer answerer;
    private final byte[] request = new byte[Wire.MAX_MESSAGE];
    private final byte[] response = new byte[Answerer.bufferSize(Transport.TCP)];

    TcpDesk(Answerer answerer) {
        this.answerer = answerer;
    }

    Answerer answerer() {
        return answerer;
    }

    byte[] request() {
        return request;
    }

    byte[] response() {
        return response;
    }
}
