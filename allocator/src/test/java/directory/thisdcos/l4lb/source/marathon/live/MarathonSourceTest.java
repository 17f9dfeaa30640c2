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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the snapshot and the events of a Marathon mean, over real sockets. */
@Timeout(60)
class MarathonSourceTest extends MarathonFixture {
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
    void everythingIsReadAnewFromTimeToTime() throws Exception {
        ReplayMarathon marathon = marathon();
        start(marathon.url(), Duration.ofMillis(300), SILENCE);
        sink.await(Status.LIVE);
        marathon.app("/a", web("a", task("a.7", "10.0.0.7", 31007)));
        await("10.0.0.7:31007 w=1 unchecked");
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
}
