package directory.thisdcos.l4lb.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the program, with our alert rules, and can answer every panel of our dashboard. */
final class PrometheusIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path FILES = Checkout.root().resolve("packaging/prometheus");
    private static final Pattern METRIC = Pattern.compile("l4lb_[a-z0-9_]+");

    /** They have samples only once something went wrong, or was forwarded. */
    private static final Set<String> RARE = Set.of(
            "l4lb_commit_failures_total",
            "l4lb_dns_upstream_rtt_seconds",
            "l4lb_dns_upstream_up",
            "l4lb_ipvs_errors_total",
            "l4lb_ipvs_repairs_total",
            "l4lb_problems");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    @BeforeEach
    void needsPrometheus() throws Exception {
        boolean installed =
                Shell.run("bash", "-c", "command -v prometheus promtool").exitCode() == 0;
        if (!installed) {
            System.err.println("PrometheusIT: left out: no prometheus here; apt-get install prometheus");
        }
        Assumptions.assumeTrue(installed, "apt-get install prometheus");
    }

    @Test
    void rulesDashboardAndMetricsAreWhatPrometheusTakes() throws Exception {
        assertTrue(Shell.output(
                        "promtool",
                        "check",
                        "rules",
                        FILES.resolve("alerts.yaml").toString())
                .contains("SUCCESS"));
        try (RunningProgram program = RunningProgram.examplesOnFreePorts(temp)) {
            Await.until(
                    "the examples",
                    LIMIT,
                    () -> Shell.output("curl", "-sS", program.admin() + "/v1/vips")
                            .contains("broker.kafka"));
            String lint = Shell.output(
                    "bash", "-c", "curl -sS " + program.admin() + "/metrics | promtool check metrics 2>&1");
            assertEquals("", lint, "promtool finds nothing to say of names, units and help texts");
            scrape(program);
        }
    }

    private void scrape(RunningProgram program) throws Exception {
        int port = freePort();
        Path config = Files.writeString(
                temp.resolve("prometheus.yml"),
                "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ["
                        + FILES.resolve("alerts.yaml") + "]\nscrape_configs:\n"
                        + "  - {job_name: l4lb, static_configs: [{targets: ['" + program.ready("admin") + "']}]}\n");
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + temp.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("prometheus.log").toFile())
                .start();
        try {
            Await.until("Prometheus", LIMIT, () -> isReady(port));
            Await.until("a scrape", LIMIT, () -> count(port, "up == 1") == 1);
            Set<String> missing = new TreeSet<>();
            for (String metric : used()) {
                if (!RARE.contains(metric) && count(port, metric) == 0) {
                    missing.add(metric);
                }
            }
            assertEquals(Set.of(), missing, "the rules and the dashboard ask for what there is");
            for (JsonNode panel : dashboard().path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    String query = target.path("expr")
                            .asText()
                            .replace("$__rate_interval", "1m")
                            .replace("$instance", ".*");
                    assertEquals("success", query(port, query).path("status").asText(), query);
                }
            }
            Await.until("rules that are evaluated", LIMIT, () -> {
                JsonNode rules = get(port, "/api/v1/rules").at("/data/groups/0/rules");
                int healthy = 0;
                for (JsonNode rule : rules) {
                    healthy += rule.path("health").asText().equals("ok") ? 1 : 0;
                }
                return healthy > 10 && healthy == rules.size();
            });
        } finally {
            prometheus.destroy();
            prometheus.waitFor();
        }
    }

    /** Every metric that the rules and the dashboard name. */
    private static Set<String> used() throws IOException {
        Set<String> names = new TreeSet<>();
        String all = Files.readString(FILES.resolve("alerts.yaml")) + Files.readString(FILES.resolve("dashboard.json"));
        Matcher metric = METRIC.matcher(all);
        while (metric.find()) {
            names.add(metric.group());
        }
        return names;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(Files.readString(FILES.resolve("dashboard.json")));
    }

    private static int count(int port, String query) throws Exception {
        return query(port, query).at("/data/result").size();
    }

    private static JsonNode query(int port, String query) throws Exception {
        return get(port, "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
    }

    /** Until then it says so in plain text. */
    private static boolean isReady(int port) throws Exception {
        return Shell.run("curl", "-sS", "-f", "http://127.0.0.1:" + port + "/-/ready")
                        .exitCode()
                == 0;
    }

    private static JsonNode get(int port, String path) throws Exception {
        Shell.Result result = Shell.run("curl", "-sS", "http://127.0.0.1:" + port + path);
        return new ObjectMapper().readTree(result.out().isEmpty() ? "{}" : result.out());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
