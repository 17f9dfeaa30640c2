package directory.thisdcos.l4lb.dns.answer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

/** Shared secrets by key name (RFC 8945). Immutable. */
public final class TsigKeys {
    public static final TsigKeys NONE = new TsigKeys(Map.of());

    private final Map<Name, TSIG> keys;

    private TsigKeys(Map<Name, TSIG> keys) {
        this.keys = keys;
    }

    /**
     * Reads a file of lines {@code ALGORITHM:NAME:SECRET}, as {@code dig -y} takes them; empty lines and those that begin
     * with {@code #} do not count.
     *
     * @throws IOException with one line that names file and line
     */
    public static TsigKeys read(Path file) throws IOException {
        Map<Name, TSIG> keys = new HashMap<>();
        List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split(":", -1);
            try {
                if (parts.length != 3) {
                    throw new IllegalArgumentException("expected ALGORITHM:NAME:SECRET");
                }
                Name algorithm = TSIG.algorithmToName(parts[0].toLowerCase(Locale.ROOT));
                Name name = Name.fromString(parts[1], Name.root);
                keys.put(
                        name,
                        new TSIG(algorithm, name, java.util.Base64.getDecoder().decode(parts[2])));
            } catch (IllegalArgumentException | TextParseException e) {
                // The secret must not get into a log.
                throw new IOException(file + ":" + (i + 1) + ": not a TSIG key: "
                        + (parts.length == 3
                                ? "unknown algorithm, bad name, or a secret that is no base64"
                                : String.valueOf(e.getMessage())));
            }
        }
        return new TsigKeys(Map.copyOf(keys));
    }

    Optional<TSIG> find(Name name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** Whether there is a key of this name, which messages can be signed with. */
    public boolean has(String keyName) {
        return find(keyName).isPresent();
    }

    /** Signs a message with a key, if there is such a key. */
    public void sign(Message message, String keyName) {
        find(keyName).ifPresent(key -> key.apply(message, null));
    }

    private Optional<TSIG> find(String keyName) {
        try {
            return find(Name.fromString(keyName, Name.root));
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }
}
