package directory.thisdcos.l4lb.conformance;

import java.nio.file.Files;
import java.nio.file.Path;

/** The source checkout that these tests run in. */
final class Checkout {

    private Checkout() {}

    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("l4lb"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new AssertionError("no checkout around " + Path.of("").toAbsolutePath());
            }
            folder = parent;
        }
        return folder;
    }

    static Path launcher() {
        return root().resolve("l4lb");
    }
}
