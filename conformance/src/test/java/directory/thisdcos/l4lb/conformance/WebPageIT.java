package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        Chromium.require();
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
            browser.screenshot(picture("services"));

            browser.type("input[type=search]", "kafka");
            Await.until("the search", LIMIT, () -> browser.text("main").contains("1 of 6"));
            browser.type("input[type=search]", "");
            browser.click("a[href*='my-service']");
            Await.until("the service", LIMIT, () -> {
                String text = browser.text("main");
                return text.contains("11.134.216.93")
                        && text.contains("dig +short my-service.marathon")
                        && text.contains("weight 1")
                        && text.contains("kernel does not have it")
                        && text.contains("History");
            });
            Shell.output("curl", "-sSf", "-X", "PUT", program.admin() + "/v1/drains/agent/10.0.0.206");
            Await.until("the drain, and what happened", LIMIT, () -> {
                String text = browser.text("main");
                return text.contains("draining") && text.contains("1 changed, now");
            });
            browser.click("a[href='#/changes']");
            Await.until("the changes", LIMIT, () -> browser.text("main").contains("drain agent 10.0.0.206"));
            // No more asking now and then: from here on only the stream of events tells of anything.
            browser.evaluate("setTimeout = () => 0");
            Shell.output("curl", "-sSf", "-X", "PUT", program.admin() + "/v1/allocations/new.api");
            Await.until("a change, by whom and why", LIMIT, () -> {
                String text = browser.text("main");
                return text.contains("reserved by operator")
                        && text.contains("by loopback")
                        && text.contains("PUT /v1/allocations/new.api")
                        && text.contains("new change");
            });
            browser.screenshot(picture("changes"));
            browser.open("about:blank");
            browser.open(program.admin() + "/");
            Await.until("the page again", LIMIT, () -> browser.text("main").contains("6 of 6"));
            for (String view : new String[] {"allocations", "pools", "nodes", "sources", "problems"}) {
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

    @Test
    void tenThousandRowsAreDrawnAFewAtATime() throws Exception {
        try (RunningProgram program = RunningProgram.start(
                        temp,
                        "standalone",
                        "--data",
                        temp.resolve("many").toString(),
                        "--dns-listen",
                        "127.0.0.1:0",
                        "--admin-listen",
                        "127.0.0.1:0",
                        "--ipvs",
                        "off");
                Browser browser = Browser.start(temp)) {
            Path names = temp.resolve("names.json");
            Files.writeString(
                    names,
                    IntStream.range(0, 10_000)
                            .mapToObj(i -> "{\"name\":\"app-%05d.marathon\"}".formatted(i))
                            .collect(Collectors.joining(",", "{\"allocations\":[", "]}")));
            Await.until(
                    "the leader",
                    LIMIT,
                    () -> Shell.run("curl", "-sSf", "-d", "@" + names, program.admin() + "/v1/allocations")
                                    .exitCode()
                            == 0);
            browser.size(1200, 800);
            browser.open(program.admin() + "/#/allocations");
            Await.until("the names", LIMIT, () -> browser.text("main").contains("10000 of 10000"));
            assertEquals(
                    "10001", browser.evaluate("document.querySelector('[role=grid]').getAttribute('aria-rowcount')"));
            assertTrue(rows(browser) < 60, "only those in sight are drawn");
            browser.evaluate("document.querySelector('.scroll').scrollTop = 1e9");
            Await.until("the last one", LIMIT, () -> browser.text("main").contains("app-09999"));
            assertTrue(rows(browser) < 60, "and so it is at the end");
            browser.type("input[type=search]", "app-05");
            Await.until("the search", LIMIT, () -> browser.text("main").contains("1000 of 10000"));
            browser.click("a[href='#/pools']");
            Await.until("the map", LIMIT, () -> browser.text("main").contains("10000 allocated"));
            assertEquals(
                    "256",
                    browser.evaluate("String(document.querySelector('svg.map').querySelectorAll('rect').length)"));
            browser.screenshot(picture("pools"));
            assertEquals("", browser.complaints(), "nothing is wrong in the browser's console");
        }
    }

    /** Those of the documentation are taken anew with {@code -Dl4lb.docs.write=true}. */
    private Path picture(String view) {
        return Boolean.getBoolean("l4lb.docs.write")
                ? Checkout.root().resolve("docs/page-" + view + ".png")
                : temp.resolve(view + ".png");
    }

    private static int rows(Browser browser) throws Exception {
        return Integer.parseInt(browser.evaluate("String(document.querySelectorAll('.scroll .row').length)"));
    }
}
