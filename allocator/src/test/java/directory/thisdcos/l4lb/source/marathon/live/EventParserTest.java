package directory.thisdcos.l4lb.source.marathon.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import directory.thisdcos.l4lb.source.Corpus;
import directory.thisdcos.l4lb.source.http.SseEvent;
import directory.thisdcos.l4lb.source.http.SseReader;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventParserTest {

    @Test
    void everyEventOfTheDocumentation() throws Exception {
        assertEquals(
                List.of(
                        "event_stream_attached Attached",
                        "api_post_event Touched [/my-app]",
                        "pod_created_event Touched [/my-pod]",
                        "pod_updated_event Touched [/my-pod]",
                        "pod_deleted_event Touched [/my-pod]",
                        "status_update_event TaskChanged [/my-app]",
                        "app_terminated_event Touched [/my-app]",
                        "instance_changed_event InstanceChanged [/app-id]",
                        "unknown_instance_terminated_event InstanceChanged [/app-id]",
                        "instance_health_changed_event HealthChanged [/app-id]",
                        "framework_message_event Ignored",
                        "subscribe_event Ignored",
                        "unsubscribe_event Ignored",
                        "event_stream_attached Attached",
                        "event_stream_detached Ignored",
                        "add_health_check_event Touched [/my-app]",
                        "remove_health_check_event Touched [/my-app]",
                        "failed_health_check_event Touched [/my-app]",
                        "health_status_changed_event HealthChanged [/my-app]",
                        "unhealthy_task_kill_event Touched [/my-app]",
                        "unhealthy_instance_kill_event Touched [/my-app]",
                        "group_change_success GroupChanged",
                        "group_change_failed Ignored",
                        "deployment_success Ignored",
                        "deployment_failed Ignored",
                        "deployment_info Touched [/my-app]",
                        "deployment_step_success Touched [/my-app]",
                        "deployment_step_failure Touched [/my-app]"),
                read("marathon-api/marathon-event-bus-docs-events.sse"));
        assertEquals(
                List.of(
                        "event_stream_attached Attached",
                        "status_update_event TaskChanged [/foo]",
                        "status_update_event TaskChanged [/test-app]"),
                read("marathon-api/events.txt"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "status_update_event           | {}                                          | GroupChanged",
                "status_update_event           | {'appId':'/a'}                              | Touched [/a]",
                "status_update_event           | {'appId':7,'taskId':[],'host':{}}           | GroupChanged",
                "status_update_event           | []                                          | GroupChanged",
                "status_update_event           | {'appId':'/a','taskId':'a.1','taskStatus':'TASK_NEW','ports':'x'} |"
                        + " TaskChanged [/a]",
                "message                       | {'eventType':'app_terminated_event','appId':'/a'} | Touched [/a]",
                "health_status_changed_event   | {'appId':'/a','alive':'yes','taskId':'a.1'} | Touched [/a]",
                "health_status_changed_event   | {'appId':'/a','alive':true,'taskId':'a.1'}  | HealthChanged [/a]",
                "instance_health_changed_event | {'runSpecId':'/a','instanceId':'i','healthy':null} | Touched [/a]",
                "pod_updated_event             | {'uri':'/v2/pods//g/p::status?force=true'}  | Touched [/g/p]",
                "pod_created_event             | {'uri':'/v2/pods'}                          | GroupChanged",
                "api_post_event                | {'uri':'/v2/groups'}                        | GroupChanged",
                "deployment_success            | {'plan':{'steps':[{'actions':[{'pod':'/p'},{'app':'/a'}]}]}} |"
                        + " Touched [/a, /p]",
                "deployment_info               | {'plan':5,'currentStep':null}               | Ignored"
            })
    void whatIsMissingMakesItBroader(String type, String data, String expected) throws Exception {
        assertEquals(type + " " + expected, text(type, data.replace('\'', '"')));
    }

    @Test
    void whatIsNoJsonIsSaid() {
        for (String data : List.of("", "{", "{\"appId\":", "\0", "[".repeat(5_000))) {
            assertThrows(MalformedJsonException.class, () -> EventParser.parse("status_update_event", data));
        }
    }

    private static List<String> read(String file) throws IOException, MalformedJsonException {
        SseReader reader = new SseReader(
                new ByteArrayInputStream(Files.readAllBytes(Corpus.root().resolve(file))), 1 << 20);
        List<String> all = new ArrayList<>();
        for (Optional<SseEvent> event = reader.next(); event.isPresent(); event = reader.next()) {
            all.add(text(event.get().type(), event.get().data()));
        }
        return all;
    }

    private static String text(String type, String data) throws MalformedJsonException {
        MarathonEvent event = EventParser.parse(type, data);
        List<String> touched = event.touched().stream().sorted().toList();
        return type + " " + event.getClass().getSimpleName() + (touched.isEmpty() ? "" : " " + touched);
    }
}
