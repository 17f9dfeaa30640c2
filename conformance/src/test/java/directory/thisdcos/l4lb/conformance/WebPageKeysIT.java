package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page without a mouse, without eyes, and with weak ones: real keys, Chromium's accessibility tree, contrast. */
final class WebPageKeysIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> VIEWS =
            List.of("services", "allocations", "pools", "nodes", "sources", "problems", "changes");

    /** Of these everybody expects a name. */
    private static final Set<String> NAMED =
            Set.of("link", "button", "searchbox", "textbox", "image", "table", "grid", "navigation", "main", "heading");

    /** Where the focus is, and whether one sees it: {@code text|outline}. */
    private static final String FOCUS = """
            (() => {
              const at = document.activeElement;
              const style = getComputedStyle(at);
              const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
              return (at.getAttribute('aria-label') ?? at.innerText).trim().split('\\n')[0] + '|' + (at === document.body || seen);
            })()""";

    /** Texts whose contrast is below 4.5:1 (WCAG 2.2, 1.4.3), with their colours. */
    private static final String FAINT = """
            (() => {
              const parts = color => color.match(/[\\d.]+/g).map(Number);
              const light = color => {
                const [r, g, b] = parts(color).map(one => one / 255).map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = element => {
                for (let at = element; at; at = at.parentElement) {
                  const color = getComputedStyle(at).backgroundColor;
                  if ((parts(color)[3] ?? 1) > 0) return color;
                }
                return 'rgb(255, 255, 255)';
              };
              const faint = new Set();
              let looked = 0;
              const look = (element, color) => {
                looked++;
                const [dark, bright] = [light(color), light(behind(element))].sort((a, b) => a - b);
                const contrast = (bright + 0.05) / (dark + 0.05);
                if (contrast < 4.5) faint.add(element.textContent.slice(0, 30) + ' ' + color + ' on ' + behind(element) + ': ' + contrast.toFixed(2));
              };
              for (const element of document.querySelectorAll('body *')) {
                const hasText = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
                if (hasText && element.checkVisibility()) look(element, getComputedStyle(element).color);
                if (element.placeholder) look(element, getComputedStyle(element, '::placeholder').color);
              }
              return looked < 10 ? 'nothing to look at' : [...faint].join('; ');
            })()""";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    /** Once the program is ready: that it is not yet would stand in the browser's console. */
    private static void open(Browser browser, RunningProgram program) throws Exception {
        Await.until(
                "readiness",
                LIMIT,
                () -> Shell.output("curl", "-sS", program.admin() + "/readyz").contains("\"ready\":true"));
        browser.size(1200, 800);
        browser.open(program.admin() + "/");
        Await.until("the services", LIMIT, () -> browser.text("main").contains("6 of 6"));
    }

    private void show(Browser browser, String view) throws Exception {
        browser.evaluate("location.hash = '#/" + view + "'");
        Await.until(
                view,
                LIMIT,
                () -> browser.evaluate("document.title")
                                .toLowerCase(Locale.ROOT)
                                .startsWith(view.replaceFirst("/.*", ""))
                        && !browser.text("main").contains("Loading"));
    }

    private static String focus(Browser browser) throws Exception {
        return browser.evaluate(FOCUS);
    }

    private static List<String> tabs(Browser browser, int count) throws Exception {
        List<String> reached = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            browser.press("Tab");
            reached.add(focus(browser));
        }
        return reached;
    }

    private static String href(Browser browser) throws Exception {
        return browser.evaluate("document.activeElement.getAttribute('href') ?? ''");
    }

    @Test
    void keysAloneReachAndOpenEverything() throws Exception {
        Chromium.require();
        try (RunningProgram program = RunningProgram.examplesOnFreePorts(temp);
                Browser browser = Browser.start(temp)) {
            open(browser, program);
            assertEquals(
                    List.of(
                            "Skip to the content|true",
                            "Services|true",
                            "Allocations|true",
                            "Pools|true",
                            "Nodes|true",
                            "Sources|true",
                            "Problems|true",
                            "Changes|true",
                            "Search services|true",
                            "Service|true",
                            "Protocol|true",
                            "Address|true",
                            "Backends|true",
                            "Owner|true",
                            "3.3.0.6:3306|true"),
                    tabs(browser, 15),
                    "the order of the tabulator key, and that one sees where it is");

            browser.press("/");
            browser.insert("marathon");
            Await.until("the search", LIMIT, () -> browser.text("main").contains("2 of 6"));
            tabs(browser, 6);
            browser.press("ArrowDown");
            String second = href(browser);
            browser.press("Home");
            String first = href(browser);
            assertTrue(
                    first.contains("marathon") && second.contains("marathon") && !first.equals(second), first + second);
            for (String key : new String[] {"Enter", " "}) {
                browser.press("End");
                assertEquals(second, href(browser));
                browser.press(key);
                Await.until("the service", LIMIT, () -> browser.text("main").contains("Ask it yourself"));
                assertEquals("main", browser.evaluate("document.activeElement.id"), "a reader begins at its beginning");
                assertTrue(tabs(browser, 5).contains("All services|true"));
                browser.press("Escape");
                Await.until(
                        "the list, and where it was left",
                        LIMIT,
                        () -> href(browser).equals(second));
                assertEquals("marathon", browser.evaluate("document.querySelector('input[type=search]').value"));
                assertTrue(browser.text("main").contains("2 of 6"), browser.text("main"));
            }
            assertEquals("", browser.complaints(), "nothing is wrong in the browser's console");
        }
    }

    @Test
    void everythingHasANameAndIsSeen() throws Exception {
        Chromium.require();
        try (RunningProgram program = RunningProgram.examplesOnFreePorts(temp);
                Browser browser = Browser.start(temp)) {
            open(browser, program);
            Await.until(
                    "the stream of events", LIMIT, () -> browser.accessibility().contains("StaticText live"));
            List<String> told = browser.accessibility();
            for (String wanted : List.of(
                    "RootWebArea Services – l4lb",
                    "navigation Views",
                    "searchbox Search services",
                    "grid services",
                    "columnheader Service",
                    "button Service",
                    "gridcell 3.3.0.6:3306",
                    "status ",
                    "StaticText 6 of 6",
                    "StaticText live",
                    "main Services")) {
                assertTrue(told.contains(wanted), wanted + " is not in " + told);
            }
            List<String> views = new ArrayList<>(VIEWS);
            views.add(0, "service/" + browser.evaluate("encodeURIComponent('3.3.0.6:3306 tcp')"));
            for (String view : views) {
                browser.size(1200, 800);
                show(browser, view);
                List<String> nameless = browser.accessibility().stream()
                        .filter(line -> NAMED.contains(line.strip()))
                        .toList();
                assertEquals(List.of(), nameless, view + ": without a name");
                for (String scheme : new String[] {"light", "dark"}) {
                    browser.prefer(scheme);
                    assertEquals("", browser.evaluate(FAINT), view + " in " + scheme);
                }
                browser.size(360, 740);
                assertEquals(
                        "true",
                        browser.evaluate("String(document.documentElement.scrollWidth <= 360)"),
                        view + " is wider than a telephone");
            }
            assertEquals("", browser.complaints(), "nothing is wrong in the browser's console");
        }
    }
}
