package directory.thisdcos.l4lb.source.marathon.live;

import static directory.thisdcos.l4lb.source.Documents.backends;
import static directory.thisdcos.l4lb.source.Documents.vips;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.task;
import static directory.thisdcos.l4lb.source.marathon.live.ReplayMarathon.web;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.source.SourceHealth.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a Marathon, its proxy or the network do, nothing that works is withdrawn. */
@Timeout(60)
class MarathonFailureTest extends MarathonFixture {
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
}
