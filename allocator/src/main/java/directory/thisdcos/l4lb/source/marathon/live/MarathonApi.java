package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.HttpAnswer;
import directory.thisdcos.l4lb.source.http.HttpCall;
import directory.thisdcos.l4lb.source.http.HttpFailure;
import directory.thisdcos.l4lb.source.http.HttpFailure.Reason;
import directory.thisdcos.l4lb.source.http.ServerGroup;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonCursor;
import directory.thisdcos.l4lb.source.marathon.RunSpec;
import directory.thisdcos.l4lb.source.marathon.RunSpecReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The requests to one Marathon. Whatever is wrong with an answer is an {@link HttpFailure}. Safe for every thread. */
final class MarathonApi {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration TOTAL_SMALL = Duration.ofSeconds(60);
    private static final Duration TOTAL_ALL = Duration.ofMinutes(5);

    /** A cluster of 100,000 tasks has 100 MB; it is read as a stream, so this only ends what never would. */
    private static final long MAX_ALL = 2L << 30;

    private static final long MAX_ONE = 256L << 20;
    private static final long MAX_INFO = 1L << 20;

    private static final String EVENTS = "/v2/events?plan-format=light&"
            + EventParser.TYPES.stream().map(type -> "event_type=" + type).collect(Collectors.joining("&"));

    /** @param name the framework's name, the second part of every name */
    record Info(String name, String version) {}

    private final ServerGroup servers;
    private final String document;

    /** @param document what problems name */
    MarathonApi(ServerGroup servers, String document) {
        this.servers = servers;
        this.document = document;
    }

    Info info() throws HttpFailure {
        return get("/v2/info", MAX_INFO, TOTAL_SMALL, cursor -> {
            Json info = cursor.tree("", (kind, path, message) -> {});
            Optional<String> name = info.get("name").text();
            Optional<String> configured =
                    info.get("marathon_config").get("framework_name").text();
            return new Info(
                    name.or(() -> configured)
                            .filter(text -> !text.isEmpty())
                            .orElseThrow(() -> new HttpFailure(
                                    Reason.MALFORMED, servers + ": /v2/info has no name; is this a Marathon?")),
                    info.get("version").text().orElse("of unknown version"));
        });
    }

    /** Opens the stream of events. */
    HttpAnswer events(Duration silence) throws HttpFailure {
        // Marathon compares the whole value of Accept, so it must be this one alone.
        HttpAnswer answer = servers.call(
                HttpCall.stream("GET", EVENTS, Map.of("Accept", "text/event-stream"), Optional.empty(), silence));
        String type = answer.header("Content-Type").orElse("");
        if (!type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
            answer.close();
            throw new HttpFailure(
                    Reason.MALFORMED, answer.server() + ": /v2/events answered '" + type + "', no stream of events");
        }
        return answer;
    }

    /** Reads everything, one task at a time. */
    Snapshot snapshot(String framework) throws HttpFailure {
        RunSpecReader reader = new RunSpecReader(document, framework);
        Map<String, RunSpec> specs = new HashMap<>();
        boolean[] impaired = {false};
        get("/v2/apps?embed=apps.tasks&embed=apps.counts", MAX_ALL, TOTAL_ALL, cursor -> {
            boolean[] listed = {false};
            cursor.fields((name, value) -> {
                if (name.equals("apps") && value.isArray()) {
                    listed[0] = true;
                    value.items((none, app) -> impaired[0] |= !keep(app.isObject(), () -> reader.app(app), specs));
                }
            });
            if (!listed[0]) {
                throw new HttpFailure(Reason.MALFORMED, servers + ": /v2/apps answered without a list of apps");
            }
            return specs;
        });
        impaired[0] |= !pods(reader, specs);
        return new Snapshot(specs, impaired[0]);
    }

    private interface Reading {
        RunSpec read() throws IOException;
    }

    private static boolean keep(boolean readable, Reading reading, Map<String, RunSpec> specs) throws IOException {
        if (!readable) {
            return false;
        }
        RunSpec spec = reading.read();
        if (!spec.id().isEmpty()) {
            specs.put(spec.id(), spec);
        }
        return !spec.id().isEmpty();
    }

    /** Whether all pods could be read; Marathon before 1.4 has none. */
    private boolean pods(RunSpecReader reader, Map<String, RunSpec> specs) throws HttpFailure {
        boolean[] good = {true};
        try {
            get("/v2/pods/::status", MAX_ALL, TOTAL_ALL, cursor -> {
                if (!cursor.isArray()) {
                    throw new HttpFailure(Reason.MALFORMED, servers + ": /v2/pods/::status answered without a list");
                }
                cursor.items((none, pod) -> good[0] &=
                        keep(pod.isObject(), () -> reader.pod(pod.tree("", (kind, path, message) -> {})), specs));
                return specs;
            });
        } catch (HttpFailure e) {
            if (e.status() != 404) {
                throw e;
            }
        }
        return good[0];
    }

    /** Reads one app or pod; empty if there is none. */
    Optional<RunSpec> one(String id, String framework, boolean podFirst) throws HttpFailure {
        RunSpecReader reader = new RunSpecReader(document, framework);
        Optional<RunSpec> first = podFirst ? pod(id, reader) : app(id, reader);
        Optional<RunSpec> found = first.isPresent() ? first : podFirst ? app(id, reader) : pod(id, reader);
        if (found.isEmpty()) {
            // A proxy that lost its Marathon says 404 to everything.
            info();
        }
        return found;
    }

    private Optional<RunSpec> app(String id, RunSpecReader reader) throws HttpFailure {
        return unlessAbsent("/v2/apps" + path(id) + "?embed=app.tasks&embed=app.counts", cursor -> {
            RunSpec[] found = new RunSpec[1];
            cursor.fields((name, value) -> {
                if (name.equals("app") && value.isObject()) {
                    found[0] = reader.app(value);
                }
            });
            return same(id, found[0]);
        });
    }

    private Optional<RunSpec> pod(String id, RunSpecReader reader) throws HttpFailure {
        return unlessAbsent(
                "/v2/pods" + path(id) + "::status",
                cursor -> same(id, reader.pod(cursor.tree("", (kind, path, message) -> {}))));
    }

    private RunSpec same(String id, @org.jspecify.annotations.Nullable RunSpec found) throws HttpFailure {
        if (found == null || !found.id().equals(id)) {
            throw new HttpFailure(Reason.MALFORMED, servers + ": asked for " + id + ", another thing was answered");
        }
        return found;
    }

    private static String path(String id) {
        StringBuilder path = new StringBuilder();
        for (String part : id.split("/", -1)) {
            if (!part.isEmpty()) {
                path.append('/')
                        .append(URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
            }
        }
        return path.toString();
    }

    private interface Parser<T> {
        T parse(JsonCursor cursor) throws IOException;
    }

    private <T> Optional<T> unlessAbsent(String path, Parser<T> parser) throws HttpFailure {
        try {
            return Optional.of(get(path, MAX_ONE, TOTAL_SMALL, parser));
        } catch (HttpFailure e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private <T> T get(String path, long maxBytes, Duration total, Parser<T> parser) throws HttpFailure {
        try (HttpAnswer answer = servers.call(HttpCall.getJson(path, SILENCE, total, maxBytes));
                JsonCursor cursor = JsonCursor.of(answer.body())) {
            T parsed = parser.parse(cursor);
            cursor.end();
            return parsed;
        } catch (HttpFailure e) {
            throw e;
        } catch (IOException e) {
            throw new HttpFailure(
                    Reason.MALFORMED,
                    servers + ": " + path.split("\\?", 2)[0]
                            + " answered with something that is no whole JSON document",
                    e);
        }
    }
}
