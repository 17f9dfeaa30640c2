package directory.thisdcos.l4lb.dns.forward;

import directory.thisdcos.l4lb.dns.wire.Name;

/** The zones that this server has authority for. */
public interface LocalZones {

    /** Whether a name is in one of them: no upstream is believed about it. */
    boolean contains(Name name);

    /** Our own response to a query message; for aliases elsewhere that lead to names of ours. From any thread. */
    byte[] answer(byte[] query);
}
