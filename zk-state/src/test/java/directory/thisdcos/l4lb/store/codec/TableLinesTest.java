package directory.thisdcos.l4lb.store.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.RandomStates;
import directory.thisdcos.l4lb.model.Seeds;
import directory.thisdcos.l4lb.model.State;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableLinesTest {
    private static final String HEAD = "{\"format\":1,\"kind\":\"l4lb-table\",\"seq\":7,\"hash\":\"0\"}\n";

    private static String write(State state) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TableLines.write(state, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static State read(String text, boolean edited) throws IOException {
        return TableLines.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), edited);
    }

    private static String name(String name, String address) {
        String fqdn = name + ".marathon.l4lb.thisdcos.directory";
        return "{\"target\":\"" + fqdn + "\",\"allocation\":{\"name\":\"" + fqdn + "\",\"address\":\"" + address
                + "\",\"status\":\"allocated\",\"since\":1},\"services\":[]}\n";
    }

    private static void refused(String reason, String text) {
        BadRecordException e = assertThrows(BadRecordException.class, () -> read(text, true));
        assertTrue(String.valueOf(e.getMessage()).contains(reason), e.getMessage());
    }

    @Test
    void everyTableComesBackAsItWas() throws Exception {
        Seeds.forEach(40, seed -> {
            State state = new RandomStates(seed, 30).state(15);
            String text = write(state);
            State back = read(text, false);
            assertEquals(state.hash(), back.hash());
            assertEquals(state.seq(), back.seq());
            assertEquals(state.pools(), back.pools());
            assertEquals(text, write(back), "sorted, so equal tables are equal files");
            assertEquals(state.size() + 2, text.lines().count());
        });
    }

    @Test
    void aFileThatWasChangedByHandIsTakenOnlyIfThatIsSaid() throws Exception {
        String text = HEAD + name("a", "11.0.0.1") + name("b", "11.0.0.2") + "{\"targets\":2}\n";
        IOException e = assertThrows(BadRecordException.class, () -> read(text, false));
        assertTrue(String.valueOf(e.getMessage()).contains("--edited"), e::toString);
        assertEquals(2, read(text, true).size());
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        refused("line 3: 11.0.0.1 belongs to a.marathon", HEAD + name("a", "11.0.0.1") + name("b", "11.0.0.1"));
        refused(
                "line 3: a.marathon.l4lb.thisdcos.directory is there twice",
                HEAD + name("a", "11.0.0.1") + name("a", "11.0.0.2"));
        refused("line 2: not an IP address: 'x'", HEAD + name("a", "x"));
        refused("without its last line", HEAD + name("a", "11.0.0.1"));
        refused("after 1 of 2 targets", HEAD + name("a", "11.0.0.1") + "{\"targets\":2}\n");
        refused("more text after the last line", HEAD + "{\"targets\":0}\n{}\n");
        refused("no table of format 1", "{\"format\":2}\n{\"targets\":0}\n");
        refused("line 1", "hello");
        refused("line 1", "");
        String claimed =
                "{\"target\":\"11.0.0.1\",\"services\":[{\"key\":\"11.0.0.1:80/tcp\",\"spec\":{\"scheduler\":\"wlc\","
                        + "\"since\":1,\"origins\":[]},\"backends\":[]}]}\n";
        refused("11.0.0.1 belongs to a.marathon", HEAD + name("a", "11.0.0.1") + claimed + "{\"targets\":2}\n");
    }
}
