package directory.thisdcos.l4lb.conformance.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is said to odd packets. Where NSD, Knot and BIND agree, we say it too; where they do not, we are with one of them,
 * or {@link #OWN_WAY} says why not.
 */
class WireMatrixIT {
    /** How our verdict begins where all four differ: NOTIFY is not for us, UPDATE nobody implements, AXFR is not for UDP. */
    private static final Map<String, String> OWN_WAY = Map.of(
            "flag 13", "REFUSED op4 [www",
            "flag 13 with EDNS", "REFUSED op4 [www",
            "opcode 4", "REFUSED op4 [plain",
            "opcode 4 with EDNS", "REFUSED op4 [www",
            "opcode 5", "NOTIMP op5 [plain",
            "opcode 5 with EDNS", "NOTIMP op5 [www",
            "type 252", "FORMERR op0 [www",
            "type 252 outside", "FORMERR op0 [x",
            "chaos version.bind 16", "NOERROR op0 [version");

    @Test
    void treatsOddPacketsAsTheReferencesDo(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("plain.test.zone"), MasterFiles.PLAIN + "www.plain.test. 500 IN A 192.0.2.7\n");
        List<String> differences = new ArrayList<>();
        try (Servers servers = Servers.start(folder, List.of("plain.test"))) {
            int id = 0;
            for (Map.Entry<String, byte[]> odd : WireMatrix.all().entrySet()) {
                byte[] packet = odd.getValue();
                packet[0] = (byte) (++id >>> 8);
                packet[1] = (byte) id;
                Optional<String> first = difference(servers, asking -> asking.askOnce(packet));
                // Once more, with patience: the machine may have been busy.
                first.flatMap(text -> difference(servers, asking -> asking.ask(packet)))
                        .filter(text -> !text.startsWith(OWN_WAY.getOrDefault(odd.getKey(), "-")))
                        .ifPresent(text -> differences.add(odd.getKey() + "\n  ours  " + text));
            }
        }
        assertEquals(0, differences.size(), () -> String.join("\n", differences));
    }

    private static Optional<String> difference(Servers servers, Function<Asking, Optional<byte[]>> way) {
        String mine = Verdict.of(way.apply(servers.ours()));
        Map<Reference.Kind, String> theirs = new EnumMap<>(Reference.Kind.class);
        servers.all(way).forEach((kind, answer) -> theirs.put(kind, Verdict.of(answer)));
        if (theirs.containsValue(mine)) {
            return Optional.empty();
        }
        StringBuilder told = new StringBuilder(mine);
        theirs.forEach((kind, verdict) -> told.append("\n  " + kind + "  " + verdict));
        return Optional.of(told.toString());
    }
}
