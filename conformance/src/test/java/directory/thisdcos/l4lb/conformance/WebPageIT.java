package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a real browser: what it shows, where a click leads, and that it fits a narrow screen. */
final class WebPageIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String NAME = "my-service.marathon.l4lb.thisdcos.directory:5555";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @BeforeEach
    void needsChromium() throws Exception {
        boolean installed = Shell.run("bash", "-c", "command -v chromium").exitCode() == 0;
        if (!installed) {
            System.err.println("WebPageIT: left out: no chromium here; apt-get install chromium");
        }
        Assumptions.assumeTrue(installed, "apt-get install chromium");
    }

    @Test
    void aBrowserShowsTheServicesAndFollowsAClick() throws Exception {
        try (RunningProgram program = RunningProgram.start(
                        temp,
                        "standalone",
                        "--apps",
                        "examples",
                        "--data",
                        temp.resolve("data").toString(),
                        "--dns-listen",
                        "127.0.0.1:0",
                        "--admin-listen",
                        "127.0.0.1:0",
                        "--ipvs",
                        "plan");
                Browser browser = Browser.start(temp)) {
            Await.until(
                    "the examples",
                    LIMIT,
                    () -> Shell.output("curl", "-sS", program.admin() + "/v1/vips")
                            .contains(NAME));
            browser.size(1200, 800);
            browser.open(program.admin() + "/");
            // The services arrive one file after another, and the page follows.
            Await.until("the services", LIMIT, () -> {
                String text = browser.text("main");
                return text.contains(NAME) && text.contains("6 of 6");
            });
            browser.screenshot(temp.resolve("services.png"));

            browser.type("input[type=search]", "kafka");
            Await.until("the search", LIMIT, () -> browser.text("main").contains("1 of 6"));
            browser.type("input[type=search]", "");
            browser.click("a[href*='my-service']");
            Await.until("the service", LIMIT, () -> {
                String text = browser.text("main");
                return text.contains("11.134.216.93")
                        && text.contains("dig +short my-service.marathon")
                        && text.contains("weight 1");
            });
            for (String view : new String[] {"allocations", "nodes", "sources", "problems"}) {
                browser.click("a[href='#/" + view + "']");
                Await.until(
                        view,
                        LIMIT,
                        () -> !browser.text("main").contains("Loading")
                                && browser.evaluate("String(document.querySelector(\"a[href='#/" + view
                                                + "']\").getAttribute('aria-current'))")
                                        .equals("page"));
                assertFalse(browser.text("#state").contains("no answer"), browser.text("#state"));
            }

            browser.size(360, 740);
            browser.click("a[href='#/services']");
            Await.until("the services", LIMIT, () -> browser.text("main").contains(NAME));
            assertEquals(
                    "true",
                    browser.evaluate("String(document.documentElement.scrollWidth <= 360)"),
                    "nothing is wider than the screen");
            browser.screenshot(temp.resolve("narrow.png"));
            assertTrue(Files.size(temp.resolve("narrow.png")) > 1_000);
            assertEquals("", browser.complaints(), "nothing is wrong in the browser's console");
        }
    }
}
