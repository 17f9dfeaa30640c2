package directory.thisdcos.l4lb.source.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.source.Corpus;
import directory.thisdcos.l4lb.source.Documents;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamCorpusTest {

    static List<Corpus.Entry> all() {
        return Corpus.in("mesos");
    }

    private static Stream replay(List<String> records) {
        return new Stream(MesosSettings.DEFAULT).then(new ByteArrayInputStream(Records.framed(records)));
    }

    private static void assertExpected(Corpus.Entry entry, Stream stream, String note) {
        assertEquals(entry.vips(), Corpus.vips(stream.declared()), note);
        assertEquals(entry.backends(), Corpus.backends(stream.declared()), note);
        assertEquals(List.of(), Documents.problems(stream.declared()), note);
        assertTrue(stream.complete(), note);
    }

    @ParameterizedTest
    @MethodSource("all")
    void givesTheVipsAndBackendsOfTheIndex(Corpus.Entry entry) throws Exception {
        assertExpected(entry, replay(Records.ofCorpus(entry)), "");
    }

    /** Whatever comes after the first record may come in any order. */
    @Test
    void inAnyOrderItIsTheSame() throws Exception {
        for (Corpus.Entry entry : all()) {
            List<String> records = Records.ofCorpus(entry);
            for (int seed = 0; seed < 300; seed++) {
                List<String> shuffled = new ArrayList<>(records.subList(1, records.size()));
                Collections.shuffle(shuffled, new Random(seed));
                shuffled.add(0, records.get(0));
                assertExpected(entry, replay(shuffled), entry + " seed " + seed);
            }
        }
    }

    /** A new connection tells everything that has been told, be it as a state or as records. */
    @Test
    void wholeAgainAfterACutAtAnyRecord() throws Exception {
        for (Corpus.Entry entry : all()) {
            List<String> records = Records.ofCorpus(entry);
            for (int cut = 1; cut <= records.size(); cut++) {
                Stream stream = replay(records.subList(0, cut));
                stream.then(new ByteArrayInputStream(Records.framed(records)));
                assertExpected(entry, stream, entry + " cut after " + cut);
            }
        }
    }
}
