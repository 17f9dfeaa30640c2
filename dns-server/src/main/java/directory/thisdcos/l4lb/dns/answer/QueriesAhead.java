package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Wire;
import directory.thisdcos.l4lb.dns.zone.Catalog;
import directory.thisdcos.l4lb.dns.zone.LookAhead;
import directory.thisdcos.l4lb.dns.zone.Zone;

/** Looks at the questions of a batch before they are answered, so that what they need is at hand. For one thread. */
final class QueriesAhead {
    private final NameView name = new NameView();
    private final LookAhead ahead;

    QueriesAhead(int capacity) {
        this.ahead = new LookAhead(capacity);
    }

    /** What is no plain question is passed over: the answer will say what is wrong with it. */
    void look(Catalog zones, byte[][] requests, int[] lengths, int count) {
        for (int i = 0; i < count; i++) {
            byte[] request = requests[i];
            int end = isQuestion(request, lengths[i]) ? name.read(request, Wire.HEADER, lengths[i]) : -1;
            int label = end < 0 || end + 2 > lengths[i] ? -1 : zones.match(name, 0);
            Zone zone = label < 0 ? null : zones.at(name, label);
            if (zone != null) {
                ahead.add(zone, name, Wire.u16(request, end));
            }
        }
        ahead.run();
    }

    private static boolean isQuestion(byte[] request, int length) {
        return length > Wire.HEADER && (Wire.u16(request, 2) & Wire.QR) == 0 && Wire.u16(request, 4) == 1;
    }
}
