package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.LookAhead;
import directory.thisdcos.l4lb.dns.zone.Zone;
import java.util.Arrays;

/**
 * Looks at the questions of a batch before they are answered, so that what they need is at hand, their names taken apart
 * included. For one thread.
 */
final class QueriesAhead {
    private final NameView[] names;
    private final int[] ends;
    private final LookAhead ahead;

    QueriesAhead(int capacity) {
        this.ahead = new LookAhead(capacity);
        this.ends = new int[capacity];
        this.names = new NameView[capacity];
        Arrays.setAll(names, i -> new NameView());
    }

    /** What is no plain question is passed over: the answer will say what is wrong with it. */
    void look(Catalog zones, byte[][] requests, int[] lengths, int count) {
        for (int i = 0; i < count; i++) {
            byte[] request = requests[i];
            NameView name = names[i];
            int end = isQuestion(request, lengths[i]) ? name.read(request, Wire.HEADER, lengths[i]) : -1;
            ends[i] = end;
            Zone zone = end < 0 || end + 2 > lengths[i] ? null : zones.above(name, 0);
            if (zone != null) {
                ahead.add(zone, name, Wire.u16(request, end));
            }
        }
        ahead.run();
    }

    /** The name that a request of the batch asks for, if {@link #nameEnd} is positive. */
    NameView name(int index) {
        return names[index];
    }

    /** Where it ends in the request; negative if there is none that can be read. */
    int nameEnd(int index) {
        return ends[index];
    }

    private static boolean isQuestion(byte[] request, int length) {
        return length > Wire.HEADER && (Wire.u16(request, 2) & Wire.QR) == 0 && Wire.u16(request, 4) == 1;
    }
}
