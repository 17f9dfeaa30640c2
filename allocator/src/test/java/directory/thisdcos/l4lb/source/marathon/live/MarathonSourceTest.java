package directory.thisdcos.l4lb.source.marathon.live;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.vips;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.task;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.RecordingSink;
import directory.thisdcos.l4lb.source.SourceHealth.Status;
import directory.thisdcos.l4lb.source.http.Authorization;
import directory.thisdcos.l4lb.source.http.HttpTransport;
import directory.thisdcos.l4lb.source.http.ReplayServer;
import directory.thisdcos.l4lb.source.http.ServerUrl;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole source against a server that behaves as Marathon does, well and badly. */
@Timeout(60)
class MarathonSourceTest {
    private static final String A1 = "10.0.0.5:31000 w=1 unchecked";
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final RecordingSink sink = new RecordingSink();
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Map<String, Ip> names = new ConcurrentHashMap<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aSnapshotThenEvents() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.name = "dev-marathon";
        start(marathon.url());
        sink.await(Status.LIVE);
        RecordingSink.Seen seen = sink.last();
        assertTrue(seen.complete());
        assertEquals(List.of("a.dev-marathon.l4lb.thisdcos.directory:80/tcp"), vips(seen.declarations()));
        assertEquals(List.of(A1), backends(seen.declarations()));
        assertEquals("text/event-stream", marathon.server().requests().get(1).header("accept"));
    }

    @Test
    void whatAnEventSaysTakesEffectBeforeTheAppIsReadAgain() throws Exception {
        ReplayMarathon marathon = live();
        marathon.interference = (request, reply) -> {
            if (request.path().startsWith("/v2/apps/")) {
                reply.stall();
            }
            return false;
        };
        marathon.event(
                "status_update_event",
                "'appId':'/a','taskId':'a.2','taskStatus':'TASK_RUNNING','host':'10.0.0.6','ports':[31001]");
        await(A1, "10.0.0.6:31001 w=1 unchecked");
        marathon.event("status_update_event", "'appId':'/a','taskId':'a.1','taskStatus':'TASK_KILLING'");
        await("10.0.0.5:31000 w=0 draining", "10.0.0.6:31001 w=1 unchecked");
        marathon.event("status_update_event", "'appId':'/a','taskId':'a.1','taskStatus':'TASK_KILLED'");
        await("10.0.0.6:31001 w=1 unchecked");
        marathon.event("health_status_changed_event", "'appId':'/a','taskId':'a.2','alive':false");
        await("10.0.0.6:31001 w=0 unhealthy");
        marathon.event("health_status_changed_event", "'appId':'/a','taskId':'a.2','alive':true");
        await("10.0.0.6:31001 w=1 healthy");
        marathon.event("status_update_event", "'appId':'/a','taskId':'a.2','taskStatus':'TASK_UNREACHABLE'");
        await();
    }

    @Test
    void instanceEventsFindTheirTask() throws Exception {
        String uuid = "c7c311a4-b669-11e6-a48f-0ea4f4b1778c";
        ReplayMarathon marathon = marathon();
        marathon.app("/a", web("a", task("a.instance-" + uuid + "._app.1", "10.0.0.5", 31000)));
        start(marathon.url());
        sink.await(Status.LIVE);
        marathon.interference = (request, reply) -> {
            if (request.path().startsWith("/v2/apps/")) {
                reply.stall();
            }
            return false;
        };
        String instance = "'runSpecId':'/a','instanceId':'a.instance-" + uuid + "'";
        marathon.event("instance_health_changed_event", instance + ",'healthy':false");
        await("10.0.0.5:31000 w=0 unhealthy");
        marathon.event("instance_changed_event", instance + ",'condition':'Killing'");
        await("10.0.0.5:31000 w=0 draining");
        marathon.event("instance_changed_event", instance + ",'condition':'Killed'");
        await();
    }

    @Test
    void whatAnEventOnlyHintsAtIsReadAgain() throws Exception {
        ReplayMarathon marathon = live();
        marathon.app("/a", web("other", task("a.1", "10.0.0.5", 31000)));
        marathon.event("api_post_event", "'uri':'/v2/apps/a','appDefinition':{'id':'/a'}");
        sink.await(seen -> vips(seen).toString().contains("other"));
        marathon.app("/b", web("b", task("b.1", "10.0.0.7", 31000)));
        marathon.event("deployment_info", "'plan':{'steps':[{'actions':[{'action':'StartApplication','app':'/b'}]}]}");
        sink.await(seen -> vips(seen).size() == 2);
        marathon.delete("/b");
        marathon.event("app_terminated_event", "'appId':'/b'");
        sink.await(seen -> vips(seen).size() == 1);
        marathon.pod("/p", POD);
        marathon.event("pod_created_event", "'uri':'/v2/pods/p'");
        sink.await(seen -> backends(seen).contains("10.0.0.8:31002 w=1 unchecked"));
        marathon.delete("/p");
        marathon.event("pod_deleted_event", "'uri':'/v2/pods/p'");
        sink.await(seen -> vips(seen).size() == 1);
    }

    private static final String POD = "'spec':{'id':'/p','containers':[{'name':'c','endpoints':[{'name':'e',"
            + "'hostPort':0,'labels':{'VIP_0':'p:80'}}]}]},'instances':[{'id':'p.instance-1',"
            + "'agentHostname':'10.0.0.8','containers':[{'name':'c','containerId':'p.instance-1.c',"
            + "'status':'TASK_RUNNING','endpoints':[{'name':'e','allocatedHostPort':31002}]}]}]";

    @Test
    void eventsDuringTheSnapshotAreNotLost() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.interference = (request, reply) -> {
            if (request.path().equals("/v2/apps")) {
                // The answer is of before; the task dies and another app appears while it is on its way.
                reply.stream(200, "Content-Type: application/json");
                reply.chunk(
                        ReplayMarathon.quoted("{'apps':[{'id':'/a'," + web("a", task("a.1", "10.0.0.5", 31000)) + "}"));
                marathon.app("/a", web("a", ""));
                marathon.app("/new", web("new", task("new.1", "10.0.0.9", 31000)));
                marathon.event("status_update_event", "'appId':'/a','taskId':'a.1','taskStatus':'TASK_FAILED'");
                marathon.event("api_post_event", "'appDefinition':{'id':'/new'}");
                reply.chunk("]}");
                return true;
            }
            return false;
        };
        start(marathon.url());
        Declarations end = sink.await(seen -> vips(seen).size() == 2).declarations();
        assertEquals(List.of("10.0.0.9:31000 w=1 unchecked"), backends(end));
    }

    @Test
    void aCutStreamIsOpenedAgainAndNothingIsWithdrawn() throws Exception {
        ReplayMarathon marathon = live();
        marathon.raw("event: status_update_event\r\ndata: {\"appId\":\"/a\",\"task");
        marathon.cutStreams();
        assertFalse(sink.await(Status.STALE).detail().isEmpty());
        marathon.app("/a", web("a", task("a.2", "10.0.0.6", 31001)));
        sink.await(Status.LIVE);
        await("10.0.0.6:31001 w=1 unchecked");
    }

    @Test
    void aStalledStreamIsOpenedAgain() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url(), NEVER, Duration.ofMillis(700));
        sink.await(Status.LIVE);
        assertTrue(sink.await(Status.STALE).detail().contains("timeout"));
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
    }

    @Test
    void emptyLinesKeepAStreamAlive() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url(), NEVER, Duration.ofSeconds(1));
        sink.await(Status.LIVE);
        long begin = System.nanoTime();
        ReplayMarathon.await(() -> {
            marathon.tryRaw("\r\n");
            return System.nanoTime() - begin > Duration.ofSeconds(2).toNanos();
        });
        assertEquals(1, marathon.server().count("/v2/events"));
    }

    static List<ReplayMarathon.Interference> failures() {
        return List.of(
                (request, reply) -> send(reply, 503, "overloaded"),
                (request, reply) -> send(reply, 401, "who are you"),
                (request, reply) -> send(reply, 200, ""),
                (request, reply) -> send(reply, 200, "{}"),
                (request, reply) -> send(reply, 200, "[]"),
                (request, reply) -> send(reply, 200, "{\"apps\":null}"),
                (request, reply) -> send(reply, 200, "<html>It works!</html>"),
                (request, reply) -> send(reply, 200, "{\"apps\":[]} {"),
                (request, reply) -> send(reply, 200, "{\"apps\":["),
                (request, reply) -> {
                    reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"apps\":[]");
                    reply.cut();
                    return true;
                },
                (request, reply) -> {
                    reply.stream(200).chunk("{\"apps\":[]}");
                    reply.cut();
                    return true;
                },
                (request, reply) -> {
                    reply.cut();
                    return true;
                });
    }

    @ParameterizedTest
    @MethodSource("failures")
    void noFailureEverEmpties(ReplayMarathon.Interference failure) throws Exception {
        ReplayMarathon marathon = live();
        AtomicInteger failing = new AtomicInteger(2);
        marathon.interference = (request, reply) ->
                request.path().equals("/v2/apps") && failing.getAndDecrement() > 0 && failure.handle(request, reply);
        marathon.cutStreams();
        sink.await(Status.STALE);
        ReplayMarathon.await(() -> failing.get() < 0);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
        assertTrue(counted("l4lb_marathon_failures") >= 3);
    }

    private static boolean send(ReplayServer.Reply reply, int status, String body) throws IOException {
        reply.send(status, body, "Content-Type: application/json");
        return true;
    }

    @Test
    void anEmptyListIsAskedForTwice() throws Exception {
        ReplayMarathon marathon = live();
        long before = marathon.server().count("/v2/apps");
        marathon.delete("/a");
        marathon.cutStreams();
        assertTrue(sink.await(Status.STALE).detail().length() > 0);
        sink.await(Status.LIVE);
        assertEquals(List.of(), vips(sink.last().declarations()));
        assertEquals(before + 2, marathon.server().count("/v2/apps"));
    }

    @Test
    void anAppThatCannotBeReadCostsOnlyItself() throws Exception {
        ReplayMarathon marathon = live();
        marathon.app("/b", web("b", task("b.1", "10.0.0.6", 31001)));
        marathon.interference = (request, reply) -> request.path().equals("/v2/apps")
                && send(
                        reply,
                        200,
                        ReplayMarathon.quoted("{'apps':[7,null,{'x':1},{'id':'/b',"
                                + web("b", task("b.1", "10.0.0.6", 31001)) + "},{'id':'/c','portDefinitions':5,"
                                + "'tasks':{}}]}"));
        marathon.cutStreams();
        sink.await(Status.STALE);
        sink.await(Status.LIVE);
        // What /a is now was not readable: it stays as it was.
        await(A1, "10.0.0.6:31001 w=1 unchecked");
    }

    @Test
    void tasksThatAreCountedAndNotListedStay() throws Exception {
        ReplayMarathon marathon = live();
        marathon.app("/a", "'portDefinitions':[{'labels':{'VIP_0':'/a:80'}}],'tasksRunning':1");
        marathon.app("/b", web("b", ""));
        marathon.event("failed_health_check_event", "'appId':'/a'");
        marathon.event("app_terminated_event", "'appId':'/b'");
        sink.await(seen -> vips(seen).size() == 2 && backends(seen).equals(List.of(A1)));
        marathon.cutStreams();
        sink.await(Status.STALE);
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
    }

    @Test
    void notFoundFromAProxyWithoutMarathonWithdrawsNothing() throws Exception {
        ReplayMarathon marathon = live();
        AtomicInteger asked = new AtomicInteger();
        marathon.interference = (request, reply) -> {
            asked.incrementAndGet();
            return send(reply, 404, "no such service");
        };
        marathon.event("app_terminated_event", "'appId':'/a'");
        ReplayMarathon.await(() -> asked.get() >= 4);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
    }

    @Test
    void theLeaderIsFollowedAndItsSuccessorFound() throws Exception {
        ReplayMarathon first = marathon();
        ReplayMarathon second = marathon();
        second.app("/a", web("a", task("a.9", "10.0.0.9", 31009)));
        ReplayMarathon standby = marathon();
        List<ReplayMarathon> leader = new ArrayList<>(List.of(first));
        standby.interference = (request, reply) -> {
            if (request.path().equals("/v2/events")) {
                reply.send(302, "", "Location: " + leader.get(0).url() + request.target());
            } else {
                leader.get(0).answer(request, reply);
            }
            return true;
        };
        start(standby.url());
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
        leader.set(0, second);
        first.close();
        await("10.0.0.9:31009 w=1 unchecked");
        assertTrue(sink.await(Status.LIVE)
                .detail()
                .contains(String.valueOf(second.server().port())));
    }

    @Test
    void anotherUrlIsTakenWhenOneFails() throws Exception {
        ReplayMarathon dead = marathon();
        ReplayMarathon alive = marathon();
        dead.interference = (request, reply) -> send(reply, 502, "Could not determine the current leader");
        start("http://127.0.0.1:1," + dead.url() + "," + alive.url());
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
    }

    @Test
    void whatIsNoEventIsCountedAndEverythingReadAnew() throws Exception {
        ReplayMarathon marathon = live();
        marathon.app("/b", web("b", task("b.1", "10.0.0.6", 31001)));
        marathon.raw("event: status_update_event\ndata: {oops\n\n");
        await(A1, "10.0.0.6:31001 w=1 unchecked");
        assertEquals(1, counted("l4lb_marathon_unusable_events"), 0);
        marathon.raw("event: brand_new_event\ndata: {}\n\nevent: framework_message_event\ndata: {}\n\n");
        marathon.delete("/b");
        marathon.event("group_change_success", "'groupId':'/'");
        await(A1);
        assertEquals(1, marathon.server().count("/v2/events"));
    }

    @Test
    void everythingIsReadAnewFromTimeToTime() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url(), Duration.ofMillis(300), SILENCE);
        sink.await(Status.LIVE);
        marathon.app("/a", web("a", task("a.7", "10.0.0.7", 31007)));
        await("10.0.0.7:31007 w=1 unchecked");
    }

    @Test
    void aMarathonThatComesUpLaterIsFound() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.interference = (request, reply) -> send(reply, 503, "starting");
        start(marathon.url());
        assertTrue(sink.await(Status.CONNECTING).detail().length() > 0);
        marathon.interference = (request, reply) -> false;
        sink.await(Status.LIVE);
        assertEquals(List.of(A1), backends(sink.last().declarations()));
    }

    @Test
    void withoutAStreamItIsReadAsAWhole() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.interference = (request, reply) -> request.path().equals("/v2/events") && send(reply, 405, "not here");
        start(marathon.url());
        await(A1);
        marathon.delete("/a");
        marathon.app("/b", web("b", task("b.1", "10.0.0.6", 31001)));
        await("10.0.0.6:31001 w=1 unchecked");
        assertTrue(sink.await(Status.STALE).detail().contains("405"));
    }

    @Test
    void anAgentWithoutAnAddressKeepsTheSourceIncomplete() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.app("/a", web("a", task("a.1", "agent1.lan", 31000)));
        Executor elsewhere = task -> new Thread(task).start();
        HostAddresses hosts = new HostAddresses(
                host -> Optional.ofNullable(names.get(host)).map(List::of).orElse(List.of()),
                InstantSource.system(),
                elsewhere);
        start(marathon.url(), NEVER, SILENCE, hosts);
        sink.await(seen ->
                seen.problems().stream().anyMatch(problem -> problem.kind().equals("unresolved-host")));
        assertFalse(sink.last().complete());
        names.put("agent2.lan", Ip.of("10.0.0.22"));
        marathon.app("/a", web("a", task("a.1", "agent2.lan", 31000)));
        marathon.event("status_update_event", "'appId':'/a','taskId':'a.1','taskStatus':'TASK_RUNNING'");
        RecordingSink.Seen seen = sink.await(said -> backends(said).equals(List.of("10.0.0.22:31000 w=1 unchecked")));
        assertTrue(seen.complete());
    }

    @Test
    void nothingIsToldAfterTheEnd() throws Exception {
        ReplayMarathon marathon = marathon();
        MarathonSource source = start(marathon.url());
        sink.await(Status.LIVE);
        long begin = System.nanoTime();
        source.close();
        assertTrue(System.nanoTime() - begin < Duration.ofSeconds(1).toNanos());
        marathon.awaitStreams(0);
    }

    @Test
    void passwordsAreNotShown() throws Exception {
        ReplayMarathon marathon = marathon();
        marathon.interference = (request, reply) ->
                !request.header("authorization").equals("Basic Ym9iOnMzY3JldA==") && send(reply, 401, "no");
        MarathonSource source = start(marathon.url().replace("://", "://bob:s3cret@"));
        String detail = sink.await(Status.LIVE).detail();
        assertFalse((source.id() + detail).contains("s3cret"), detail);
    }

    private ReplayMarathon marathon() throws IOException {
        ReplayMarathon marathon = new ReplayMarathon();
        opened.add(marathon);
        marathon.app("/a", web("a", task("a.1", "10.0.0.5", 31000)));
        return marathon;
    }

    /** One that the source has read. */
    private ReplayMarathon live() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url());
        sink.await(Status.LIVE);
        return marathon;
    }

    private MarathonSource start(String urls) throws IOException {
        return start(urls, NEVER, SILENCE);
    }

    private MarathonSource start(String urls, Duration resync, Duration silence) throws IOException {
        return start(urls, resync, silence, new HostAddresses(host -> List.of(), InstantSource.system()));
    }

    private MarathonSource start(String urls, Duration resync, Duration silence, HostAddresses hosts)
            throws IOException {
        MarathonSource source = new MarathonSource(
                new MarathonSettings(ServerUrl.parseList(urls), resync, silence),
                new HttpTransport(hosts, Optional.empty()),
                Authorization.NONE,
                hosts,
                new MarathonMetrics(registry));
        opened.add(source);
        source.start(sink);
        return source;
    }

    private void await(String... expected) throws InterruptedException {
        if (!backends(sink.last().declarations()).equals(List.of(expected))) {
            sink.await(seen -> backends(seen).equals(List.of(expected)));
        }
    }

    private double counted(String name) {
        return registry.scrape(metric -> metric.equals(name)).stream()
                .flatMap(metric -> metric.getDataPoints().stream())
                .mapToDouble(point -> ((io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot)
                                point)
                        .getValue())
                .sum();
    }
}
