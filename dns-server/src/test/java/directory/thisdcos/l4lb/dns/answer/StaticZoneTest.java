package directory.thisdcos.l4lb.dns.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.dns.zone.ZoneFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class StaticZoneTest {
    private static final String ZONE = """
            $ORIGIN z.test.
            $TTL 300
            @        SOA ns host 7 60 60 60 30
            @        NS  ns
            @        MX  10 mail
            ns       A   192.0.2.1
            mail     A   192.0.2.2
            mail     AAAA 2001:db8::2
            a.b.ent  TXT "deep"
            alias    CNAME mail
            chain    CNAME alias
            out      CNAME www.example.org.
            dangling CNAME nothing
            loop1    CNAME loop2
            loop2    CNAME loop1
            *.wild   A   192.0.2.9
            host.wild TXT "here"
            *.wcname CNAME mail
            old      DNAME new
            x.new    A   192.0.2.10
            sub      NS  ns.sub
            sub      NS  ns.other.test.
            ns.sub   A   192.0.2.20
            sub      DS  1 8 2 0123456789012345678901234567890123456789012345678901234567890123
            _s._tcp  SRV 1 2 80 mail
            Mixed    PTR CaSe.Example.
            """;

    @TempDir
    private Path folder;

    private Asker asker;

    @BeforeEach
    void load() {
        asker = Asker.ofZone(folder, ZONE);
    }

    /** Sections are {@code name type data}, separated by {@code |}; in the authority section of a negative, SOA. */
    @ParameterizedTest
    @CsvSource({
        "ns, A, NOERROR aa, ns.z.test A 192.0.2.1, '', ''",
        "ent, A, NOERROR aa, '', SOA, ''",
        "b.ent, TXT, NOERROR aa, '', SOA, ''",
        "c.b.ent, TXT, NXDOMAIN aa, '', SOA, ''",
        "alias, A, NOERROR aa, alias.z.test CNAME mail.z.test.|mail.z.test A 192.0.2.2, '', ''",
        "alias, CNAME, NOERROR aa, alias.z.test CNAME mail.z.test., '', ''",
        "alias, TXT, NOERROR aa, alias.z.test CNAME mail.z.test., SOA, ''",
        "chain, A, NOERROR aa, 'alias.z.test CNAME mail.z.test.|chain.z.test CNAME alias.z.test.|mail.z.test A 192.0.2.2', '', ''",
        "out, A, NOERROR aa, out.z.test CNAME www.example.org., '', ''",
        "dangling, A, NXDOMAIN aa, dangling.z.test CNAME nothing.z.test., SOA, ''",
        "loop1, A, NOERROR aa, loop1.z.test CNAME loop2.z.test.|loop2.z.test CNAME loop1.z.test., '', ''",
        "q.wild, A, NOERROR aa, q.wild.z.test A 192.0.2.9, '', ''",
        "q.r.wild, A, NOERROR aa, q.r.wild.z.test A 192.0.2.9, '', ''",
        "q.wild, TXT, NOERROR aa, '', SOA, ''",
        "wild, A, NOERROR aa, '', SOA, ''",
        "host.wild, A, NOERROR aa, '', SOA, ''",
        "q.host.wild, A, NXDOMAIN aa, '', SOA, ''",
        "*.wild, A, NOERROR aa, *.wild.z.test A 192.0.2.9, '', ''",
        "q.wcname, A, NOERROR aa, mail.z.test A 192.0.2.2|q.wcname.z.test CNAME mail.z.test., '', ''",
        "x.old, A, NOERROR aa, old.z.test DNAME new.z.test.|x.new.z.test A 192.0.2.10|x.old.z.test CNAME x.new.z.test., '', ''",
        "y.old, A, NXDOMAIN aa, old.z.test DNAME new.z.test.|y.old.z.test CNAME y.new.z.test., SOA, ''",
        "old, A, NOERROR aa, '', SOA, ''",
        "sub, A, NOERROR, '', sub.z.test NS ns.other.test.|sub.z.test NS ns.sub.z.test., ns.sub.z.test A 192.0.2.20",
        "q.sub, A, NOERROR, '', sub.z.test NS ns.other.test.|sub.z.test NS ns.sub.z.test., ns.sub.z.test A 192.0.2.20",
        "ns.sub, A, NOERROR, '', sub.z.test NS ns.other.test.|sub.z.test NS ns.sub.z.test., ns.sub.z.test A 192.0.2.20",
        "_s._tcp, SRV, NOERROR aa, _s._tcp.z.test SRV 1 2 80 mail.z.test., '', mail.z.test A 192.0.2.2|mail.z.test AAAA 2001:db8:0:0:0:0:0:2",
        "mixed, PTR, NOERROR aa, mixed.z.test PTR CaSe.Example., '', ''"
    })
    void looksUpAsRfc1034Says(
            String name, String type, String status, String answer, String authority, String additional) {
        Message reply = asker.ask(name + ".z.test", Type.value(type));
        boolean aa = reply.getHeader().getFlag(Flags.AA);
        assertEquals(status, Rcode.string(reply.getRcode()) + (aa ? " aa" : ""));
        assertEquals(answer, String.join("|", Asker.records(reply, Section.ANSWER)));
        if (authority.equals("SOA")) {
            assertEquals(1, reply.getSection(Section.AUTHORITY).size());
            assertEquals(Type.SOA, reply.getSection(Section.AUTHORITY).get(0).getType());
            assertEquals(
                    "z.test.",
                    reply.getSection(Section.AUTHORITY).get(0).getName().toString());
            assertEquals(30, reply.getSection(Section.AUTHORITY).get(0).getTTL());
        } else {
            assertEquals(authority, String.join("|", Asker.records(reply, Section.AUTHORITY)));
        }
        assertEquals(additional, String.join("|", Asker.records(reply, Section.ADDITIONAL)));
    }

    @Test
    void answersDsOnTheParentsSide() {
        Message reply = asker.ask("sub.z.test", Type.DS);
        assertEquals(1, reply.getSection(Section.ANSWER).size());
        assertTrue(reply.getHeader().getFlag(Flags.AA));
    }

    @Test
    void saysWhenADnameMakesANameTooLong() throws Exception {
        String label = "a".repeat(60);
        Asker tight = Asker.ofZone(
                folder,
                "$ORIGIN z.test.\n@ 5 SOA ns h 1 2 3 4 5\nd 5 DNAME " + "b".repeat(63) + "." + "c".repeat(63) + "\n");
        Message reply = tight.ask(label + "." + label + "." + label + ".d.z.test", Type.A);
        assertEquals(Rcode.YXDOMAIN, reply.getRcode());
        assertEquals(1, reply.getSection(Section.ANSWER).size());
    }

    @ParameterizedTest
    @CsvSource({
        "'$ORIGIN z.\n@ 5 SOA ns h 1 2 3 4 5\nbad 5 A 1.2.3\n', ':3'",
        "'$ORIGIN z.\nx 5 A 1.2.3.4\n', no SOA",
        "'$ORIGIN z.\n@ 5 SOA ns h 1 2 3 4 5\nx 5 CNAME y\nx 5 A 1.2.3.4\n', ':3: x.z has a CNAME and other records'",
        "'$ORIGIN z.\n@ 5 SOA ns h 1 2 3 4 5\nx 5 CNAME y\nx 5 CNAME z\n', ':4: x.z has several CNAME'",
        "'$ORIGIN z.\n@ 5 SOA ns h 1 2 3 4 5\n\n;c\ny 5 SOA ns h (\n 1 2 3 4 5 )\n', ':5: SOA records of several'"
    })
    void refusesBadZones(String text, String reason) throws Exception {
        Path file = Files.writeString(folder.resolve("bad.zone"), text);
        String message = String.valueOf(
                assertThrows(IOException.class, () -> ZoneFile.load(file)).getMessage());
        assertTrue(message.contains("bad.zone") && message.contains(reason), message);
    }

    @Test
    void leavesOutWhatIsOutsideTheZone() throws Exception {
        Path file = Files.writeString(
                folder.resolve("z.zone"), "@ 5 SOA ns h 1 2 3 4 5\nwww 5 A 1.2.3.4\nfoo.org. 5 A 1.2.3.4\n");
        ZoneFile.Loaded loaded = ZoneFile.load(file);
        assertEquals("z", loaded.zone().origin().toString(), "the file's name is the first origin");
        assertEquals(2, loaded.zone().size());
        assertEquals(1, loaded.warnings().size());
        assertEquals(
                List.of(),
                ZoneFile.load(Files.writeString(file, "@ 5 SOA ns h 1 2 3 4 5\n"))
                        .warnings());
    }

    @Test
    void saysWhatASignedZoneDoesNotGet() throws Exception {
        Path file = Files.writeString(folder.resolve("z.zone"), "@ 5 SOA ns h 1 2 3 4 5\n@ 5 DNSKEY 257 3 13 AAAA\n");
        List<String> warnings = ZoneFile.load(file).warnings();
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("z is signed"), warnings.get(0));
    }
}
