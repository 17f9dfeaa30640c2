package directory.thisdcos.l4lb.dns.answer;

import directory.thisdcos.l4lb.dns.wire.Name;
import directory.thisdcos.l4lb.dns.wire.NameView;
import directory.thisdcos.l4lb.dns.wire.Rrset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the server tells of itself in class CHAOS (RFC 4892). */
final class Chaos {
    private final Map<Name, Rrset> texts = new HashMap<>();

    Chaos(Optional<String> serverId) {
        Rrset version = Rrset.chaosText("l4lb");
        texts.put(Name.of("version.bind"), version);
        texts.put(Name.of("version.server"), version);
        serverId.map(Rrset::chaosText).ifPresent(id -> {
            texts.put(Name.of("id.server"), id);
            texts.put(Name.of("hostname.bind"), id);
        });
    }

    Optional<Rrset> find(NameView name) {
        return Optional.ofNullable(texts.get(name.toName()));
    }
}
