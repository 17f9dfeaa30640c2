package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page is made anew by this test run with {@code -Dl4lb.docs.write=true}. */
final class ApiPageTest {
    private static final String DESCRIPTION = "allocator/src/main/resources/directory/thisdcos/l4lb/admin/openapi.json";

    @Test
    void thePageHasThePathsThatThereAre() throws Exception {
        String text = ApiPage.of(
                new ObjectMapper().readTree(Checkout.root().resolve(DESCRIPTION).toFile()));
        Path page = Checkout.root().resolve("docs/api-reference.md");
        if (Boolean.getBoolean("l4lb.docs.write")) {
            Files.writeString(page, text);
        }
        assertEquals(text, Files.readString(page), "run this test with -Dl4lb.docs.write=true to make it anew");
    }
}
