package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page is made anew by this test run with {@code -Dl4lb.docs.write=true}. */
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void thePageHasTheOptionsThatThereAre() throws Exception {
        String text = ConfigurationPage.text();
        assertFalse(text.contains("${"), text);
        if (Boolean.getBoolean("l4lb.docs.write")) {
            Files.writeString(PAGE, text);
        }
        assertEquals(text, Files.readString(PAGE), "run this test with -Dl4lb.docs.write=true to make it anew");
    }
}
