package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.zone.Zone;
import directory.thisdcos.l4lb.dns.zone.ZoneHistory;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Serial;

/** Chooses what a request for a transfer gets. The request has passed the strict parser. */
final class TransferMaker {
    private final ZoneHistory history;
    private final byte[] request;
    private final Optional<Signature> signature;
    private final byte[] opt;

    TransferMaker(ZoneHistory history, byte[] request, Optional<Signature> signature, byte[] opt) {
        this.history = history;
        this.request = request;
        this.signature = signature;
        this.opt = opt;
    }

    Transfer whole(Zone zone) {
        return Transfer.whole(request, zone, signature, opt);
    }

    /**
     * RFC 1995 §4. Over UDP the answer is one SOA, with which the client comes back over TCP if it is old; null if the
     * request does not tell the client's version.
     */
    @Nullable Transfer incremental(Zone zone, boolean stream) {
        Long serial = serial();
        if (serial == null) {
            return null;
        }
        if (!stream) {
            // The answerer signs what is one message.
            return Transfer.soaOnly(request, zone, Optional.empty(), opt);
        }
        if (Serial.compare(serial, zone.serial()) >= 0) {
            return Transfer.soaOnly(request, zone, signature, opt);
        }
        return history.find(zone.origin(), serial)
                .map(before -> Transfer.difference(request, before, zone, signature, opt))
                .orElseGet(() -> whole(zone));
    }

    private @Nullable Long serial() {
        try {
            return new Message(request)
                    .getSection(Section.AUTHORITY).stream()
                            .filter(SOARecord.class::isInstance)
                            .map(record -> ((SOARecord) record).getSerial())
                            .findFirst()
                            .orElse(null);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
