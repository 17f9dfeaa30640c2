package directory.thisdcos.l4lb.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Real inputs with what they must give; see the README beside them. */
public final class Corpus {
    private Corpus() {}

    /** One file of the index. */
    public record Entry(String file, String framework, JsonNode expect) {

        public Path path() {
            return root().resolve(file);
        }

        /** {@code address:port/protocol} of every valid VIP. */
        public Collection<String> vips() {
            TreeSet<String> vips = new TreeSet<>();
            for (JsonNode vip : expect) {
                for (JsonNode protocol : vip.get("protocols")) {
                    if (!vip.get("kind").asText().equals("invalid")) {
                        vips.add(name(vip) + "/" + protocol.asText());
                    }
                }
            }
            return vips;
        }

        /** {@code vip -> backend w=weight} of every backend, where the index has them. */
        public Collection<String> backends() {
            TreeSet<String> backends = new TreeSet<>();
            for (JsonNode vip : expect) {
                vip.path("backends").forEach(backend -> backends.add(name(vip) + " -> " + backend.asText()));
            }
            return backends;
        }

        private static String name(JsonNode vip) {
            return vip.get("address").asText() + ":" + vip.get("port").asInt();
        }

        @Override
        public String toString() {
            return file;
        }
    }

    public static Path root() {
        try {
            URL url = Objects.requireNonNull(Corpus.class.getResource("/corpus/index.json"));
            return Objects.requireNonNull(Path.of(url.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    public static List<Entry> in(String folder) {
        try {
            JsonNode index = new ObjectMapper().readTree(Files.readAllBytes(root().resolve("index.json")));
            return StreamSupport.stream(index.spliterator(), false)
                    .filter(entry -> entry.get("file").asText().startsWith(folder + "/"))
                    .map(entry -> new Entry(
                            entry.get("file").asText(), entry.get("framework").asText(), entry.get("expect")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All VIPs of some declarations, in the form of {@link Entry#vips}. */
    public static Collection<String> vips(Declarations declarations) {
        TreeSet<String> vips = new TreeSet<>();
        declarations.services().keySet().forEach(key -> vips.add(key.toString()));
        return vips;
    }

    /** All backends, in the form of {@link Entry#backends}. */
    public static Collection<String> backends(Declarations declarations) {
        TreeSet<String> backends = new TreeSet<>();
        declarations
                .services()
                .forEach((key, service) -> service.backends()
                        .forEach(backend ->
                                backends.add(key.vip() + " -> " + backend.address() + " w=" + backend.weight())));
        return backends;
    }

    /** Files under a folder of the corpus that are on disk. */
    public static List<String> onDisk(String folder) throws IOException {
        try (Stream<Path> files = Files.list(root().resolve(folder))) {
            return new ArrayList<>(files.map(file -> folder + "/" + file.getFileName())
                    .sorted()
                    .toList());
        }
    }
}
