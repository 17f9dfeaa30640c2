package directory.thisdcos.l4lb.dns.zone;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

class MasterFileTest {
    @TempDir
    private Path folder;

    private List<String> read(String text) throws IOException {
        Path file = Files.write(folder.resolve("z.zone"), text.getBytes(StandardCharsets.ISO_8859_1));
        List<String> records = new ArrayList<>();
        new MasterFile(
                        (record, place) -> records.add(record.toString().replaceAll("\\s+", " ") + " @" + place.line()),
                        opened -> {})
                .read(file, Name.fromConstantString("z."));
        return records;
    }

    @ParameterizedTest
    @CsvSource({
        "'a 5 A 1.2.3.4', 'a.z. 5 IN A 1.2.3.4 @1'",
        "'a 5 TXT ( x\n y ; c\n) ; d', 'a.z. 5 IN TXT x y @1'",
        "'\n\n ; c\n\\065\\.b IN 5 A 1.2.3.4', 'A\\.b.z. 5 IN A 1.2.3.4 @4'",
        "'$TTL 1h\n$ORIGIN x\n$ORIGIN y\n@ A 1.2.3.4', 'y.x.z. 3600 IN A 1.2.3.4 @4'",
        "'a 2147483648 A 1.2.3.4', 'a.z. 0 IN A 1.2.3.4 @1'",
        "'a 1w2d3h4m5s TYPE65280 \\# 2 ( 0a\n 0b )', 'a.z. 788645 IN TYPE65280 \\# 2 0A0B @1'",
        "'a 5 EUI48 00-00-5e-00-53-2a', 'a.z. 5 IN EUI48 \\# 6 00005E00532A @1'",
        "'a 5 TXT \u00fc', 'a.z. 5 IN TXT \\252 @1'"
    })
    void readsRecords(String text, String record) throws IOException {
        assertEquals(
                record, String.join("|", read(text)).replace("0a0b", "0A0B").replace("00005e00532a", "00005E00532A"));
    }

    @ParameterizedTest
    @CsvSource({
        "'a 5 A 1.2.3', ':1: data of a record of type A: '",
        "'a 5 A 1.2.3.4\n\nb 5 TYPE28 \\# 3 010203', ':3: data of a record of type AAAA: '",
        "'a 5 TXT (\n\"x\"\nb 5 A 1.2.3.4\n', ':1: a parenthesis that opens'",
        "'a 5 TXT \"x\nb 5 A 1.2.3.4\n', ':1: a quote is not closed'",
        "'a 5 TXT x )', ':1: a parenthesis is closed'",
        "'a 5 TXT x\nb 5 CH TXT x', ':2: class CH'",
        "'a 5 BOGUS x', BOGUS",
        "'a 5 TYPE41 \\# 0', 'cannot stand in a zone'",
        "'a A 1.2.3.4', ':1: no TTL'",
        "' 5 A 1.2.3.4', ':1: the first record has no owner'",
        "'$TTL soon', ':1: $TTL wants'",
        "'$ORIGIN a b', 'too much after $ORIGIN'",
        "'$INCLUDE gone.part', ':1: there is no file'",
        "'$INCLUDE z.zone', 'include each other'",
        "'$GENERATE 1-x a A 1.2.3.4', 'wants a range'",
        "'$GENERATE 0-4294967295 a$ 5 A 1.2.3.4', 'more than'",
        "'$GENERATE 1-2 a${1 5 A 1.2.3.4', 'OFFSET'",
        "'a 5 L32 10 1.2.3', ':1: data of a record of type L32: malformed'"
    })
    void saysWhereTheFaultIs(String text, String reason) {
        String message =
                String.valueOf(assertThrows(IOException.class, () -> read(text)).getMessage());
        assertTrue(message.contains("z.zone:") && message.contains(reason), message);
    }

    @Test
    void goesOnWhereItWasAfterAnIncludedFile() throws IOException {
        Files.writeString(folder.resolve("other.part"), "b 5 A 1.2.3.4\n$ORIGIN elsewhere.\nc 5 A 1.2.3.5\n");
        assertEquals(
                List.of(
                        "a.z. 5 IN A 1.2.3.3 @1",
                        "b.sub.z. 5 IN A 1.2.3.4 @1",
                        "c.elsewhere. 5 IN A 1.2.3.5 @3",
                        "a.z. 5 IN TXT x @3"),
                read("a 5 A 1.2.3.3\n$INCLUDE other.part sub ; as BIND\n 5 TXT x\n"));
    }

    @Test
    void generatesAsBindDoes() throws IOException {
        assertEquals(
                List.of("h008.z. 5 IN A 192.0.2.9 @1", "h00c.z. 5 IN A 192.0.2.13 @1", "3.0.z. 5 IN TXT a $3 @2"),
                read("$GENERATE 8-15/4 h${0,3,x} 5 A 192.0.2.${1}\n$GENERATE 3-3 ${0,3,n} 5 TXT \"a \\$$\"\n"));
    }
}
