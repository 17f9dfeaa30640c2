package directory.thisdcos.l4lb.conformance.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.WireParseException;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/** What master files mean, in each way in which RFC 1035 §5 lets them be written: all records of all four, by AXFR. */
class MasterFilesIT {
    private static final List<String> REFUSED = List.of("refused");

    /** Without a $TTL, NSD and Knot take an hour; RFC 1035 §5.1 and BIND take the TTL before. */
    private static final Set<String> OWN_WAY = Set.of("inherited.test", "minimum.test", "nottl.test");

    @Test
    void readsThemAsMostOfTheReferencesDo(@TempDir Path folder) throws IOException {
        Map<String, String> files = MasterFiles.all();
        List<String> origins = new ArrayList<>(List.of("plain.test"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            String origin = file.getKey() + ".test";
            Files.write(
                    folder.resolve(origin + ".zone"),
                    file.getValue().replace("FOLDER", folder.toString()).getBytes(StandardCharsets.ISO_8859_1));
            origins.add(origin);
        }
        Files.writeString(folder.resolve("plain.test.zone"), MasterFiles.PLAIN);
        Files.writeString(folder.resolve("included.part"), MasterFiles.INCLUDED);
        Map<String, String> differences = new TreeMap<>();
        try (Servers servers = Servers.start(folder, origins)) {
            for (String origin : origins) {
                Map<Reference.Kind, List<String>> theirs = new EnumMap<>(Reference.Kind.class);
                for (Reference.Kind kind : Reference.Kind.values()) {
                    theirs.put(kind, transfer(origin, servers.port(kind)));
                }
                List<String> mine = transfer(origin, servers.ours().port());
                if (!OWN_WAY.contains(origin) && isAlone(mine, theirs.values())) {
                    differences.put(origin, told(mine, theirs));
                }
            }
            assertEquals(0, differences.size(), () -> String.join("\n", differences.values()));
        }
    }

    private static String told(List<String> mine, Map<Reference.Kind, List<String>> theirs) {
        StringBuilder text = new StringBuilder("ours " + mine + "\n");
        theirs.forEach((kind, set) ->
                text.append(kind).append(set.equals(mine) ? " same" : " " + set).append('\n'));
        return text.toString();
    }

    /** Whether two or three say something else, or nobody the same. What one alone takes we may take as it does. */
    private static boolean isAlone(List<String> mine, Collection<List<String>> theirs) {
        long agree = theirs.stream().filter(mine::equals).count();
        return agree == 0
                || theirs.stream()
                        .filter(one -> !one.equals(REFUSED) && !one.equals(mine))
                        .anyMatch(one -> theirs.stream().filter(one::equals).count() > agree);
    }

    /** The records as text with their data in wire form; {@code [refused]} where there is no such zone. */
    private static List<String> transfer(String origin, int port) throws IOException {
        try {
            ZoneTransferIn transfer = ZoneTransferIn.newAXFR(Name.fromString(origin + "."), "127.0.0.1", port, null);
            transfer.run();
            List<String> records = new ArrayList<>();
            for (Record record : transfer.getAXFR()) {
                records.add(record.toString().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT) + " "
                        + record.rdataToWireCanonical().length);
            }
            Collections.sort(records);
            return records;
        } catch (ZoneTransferException | WireParseException e) {
            return REFUSED;
        }
    }
}
