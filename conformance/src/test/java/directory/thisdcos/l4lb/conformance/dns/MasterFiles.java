package directory.thisdcos.l4lb.conformance.dns;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Master files as people and programs write them. */
final class MasterFiles {
    static final String PLAIN = """
            plain.test. 500 IN SOA ns.plain.test. root.plain.test. 1 60 60 60 60
            plain.test. 500 IN NS ns.plain.test.
            ns.plain.test. 500 IN A 192.0.2.1
            """;

    /** What {@code $INCLUDE} refers to. */
    static final String INCLUDED = """
            here A 192.0.2.77
            $ORIGIN elsewhere.includes.test.
            there A 192.0.2.78
            """;

    private static final String HEAD = """
            $TTL 300
            @ IN SOA ns.out.example. root.out.example. 7 60 60 60 30
            @ IN NS ns.out.example.
            """;

    private static final List<String> TYPES = List.of(
            "HINFO \"PC\" \"Linux\"",
            "LOC 52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
            "NAPTR 100 50 \"s\" \"z3950+I2L+I2C\" \"\" _z3950._tcp",
            "SSHFP 1 1 0123456789abcdef0123456789abcdef01234567",
            "TLSA 3 1 1 " + "ab".repeat(32),
            "CAA 0 issue \"ca.example\"",
            "URI 10 1 \"ftp://x.example/\"",
            "SVCB 1 . alpn=h2,h3 port=53 ipv4hint=192.0.2.1,192.0.2.2",
            "HTTPS 0 x.example.",
            "RP m.x t.x",
            "AFSDB 1 x",
            "KX 1 x",
            "CERT PKIX 1 1 AAAA",
            "DS 1 13 2 " + "ab".repeat(32),
            "DNSKEY 257 3 13 AAAA",
            "NSEC a A NS",
            "NSEC3PARAM 1 0 0 -",
            "APL 1:192.0.2.0/24 !2:2001:db8::/32",
            "EUI48 00-00-5e-00-53-2a",
            "EUI64 00-00-5e-ef-10-00-00-2a",
            "OPENPGPKEY AAAA",
            "SMIMEA 3 1 1 " + "cd".repeat(32),
            "DHCID AAAA",
            "RT 1 y",
            "X25 311061700956",
            "ISDN \"150862028003217\" \"004\"",
            "PX 10 a b",
            "NID 10 0014:4fff:ff20:ee64",
            "L32 10 10.1.2.0",
            "L64 10 2001:0DB8:1140:1000",
            "LP 10 x",
            "CDS 1 13 2 " + "ab".repeat(32),
            "CDNSKEY 257 3 13 AAAA",
            "CSYNC 66 3 A NS AAAA TYPE65280",
            "ZONEMD 7 1 1 " + "ab".repeat(48),
            "SPF \"v=spf1 -all\"",
            "HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAQ== x",
            "WKS 192.0.2.1 6 25 80",
            "MB x",
            "MG x",
            "MR x",
            "MINFO a b");

    private MasterFiles() {}

    private static String lines(String... lines) {
        return HEAD + text(lines);
    }

    private static String text(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    /** The texts of zones {@code KEY.test}; the file's name is the first origin. */
    static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "origins",
                lines(
                        "a A 192.0.2.1",
                        "$ORIGIN sub.origins.test.",
                        "b A 192.0.2.2",
                        "$ORIGIN deep",
                        "c A 192.0.2.3",
                        "@ TXT at",
                        "$ORIGIN origins.test.",
                        "d A 192.0.2.4"));
        all.put("includes", lines("a A 192.0.2.1", "$INCLUDE FOLDER/included.part", "b A 192.0.2.2"));
        all.put(
                "includesat",
                lines("a A 192.0.2.1", "$INCLUDE FOLDER/included.part sub.includesat.test.", "b A 192.0.2.2"));
        all.put("missinginclude", lines("a A 192.0.2.1", "$INCLUDE nothing.part"));
        all.put("noorigin", lines("a A 192.0.2.1", "$ORIGIN nowhere.example.", "b A 192.0.2.2"));
        all.put("generate", lines("$GENERATE 1-4 host$ A 192.0.2.$"));
        all.put(
                "generatestep",
                lines("$GENERATE 0-20/5 h${10,3,d} A 192.0.2.${1,0,d}", "$GENERATE 1-3 x${0,2,x} CNAME h$"));
        all.put("generatettl", lines("$GENERATE 1-2 h$ 60 IN A 192.0.2.$", "$GENERATE 1-2 m$ MX \"10 mail$\""));
        all.put(
                "parentheses",
                text(
                        "$TTL 300",
                        "@ IN SOA ns.out.example. root.out.example. ( 7 ; serial",
                        " 60",
                        " 60 60",
                        "",
                        " 30 )",
                        "@ IN NS ns.out.example.",
                        "t TXT ( \"one\"",
                        " \"two\" ) ; done",
                        "(",
                        "u A 192.0.2.1 )"));
        all.put(
                "onelineparentheses",
                lines("a ( A ) 192.0.2.1", "b A ( 192.0.2.2 )", "c ( IN ) A ( 192.0.2.3" + "\n)"));
        all.put(
                "escapes",
                lines(
                        "a\\.b A 192.0.2.1",
                        "\\065\\066 A 192.0.2.2",
                        "x\\000y A 192.0.2.3",
                        "q\\\"r A 192.0.2.4",
                        "s\\\\t A 192.0.2.5",
                        "\\@ A 192.0.2.6",
                        "u\\ v A 192.0.2.7",
                        "w\\;x A 192.0.2.8",
                        "\\(y\\) A 192.0.2.9",
                        "\\255 A 192.0.2.10",
                        "\\$z A 192.0.2.11",
                        "\\*.w A 192.0.2.12"));
        all.put("badescape", lines("a\\999 A 192.0.2.1"));
        all.put(
                "textescapes",
                lines(
                        "a TXT \"a\\\"b\\\\c\\; d ; e\"",
                        "b TXT plain words here",
                        "c TXT \"\"",
                        "d TXT \\065\\010\\255",
                        "e TXT \"tab\there\"",
                        "f TXT \"a;b\" ; comment",
                        "g TXT one\"two\"three",
                        "h TXT \"x\"\"y\""));
        all.put(
                "longtext",
                lines(
                        "a TXT \"" + "x".repeat(255) + "\"",
                        "b TXT \"" + "y".repeat(255) + "\" \"" + "z".repeat(255) + "\"",
                        "c TXT" + (" \"" + "w".repeat(250) + "\"").repeat(40)));
        all.put("overlongtext", lines("a TXT \"" + "x".repeat(256) + "\""));
        all.put("openquote", lines("a TXT \"never ends", "b A 192.0.2.1"));
        all.put("openparenthesis", lines("a TXT ( \"never ends\"", "b A 192.0.2.1"));
        all.put("closeparenthesis", lines("a TXT \"x\" )", "b A 192.0.2.1"));
        all.put(
                "unknown",
                lines(
                        "a TYPE65280 \\# 4 0a000001",
                        "b TYPE1 \\# 4 c0000201",
                        "c A \\# 4 c0000202",
                        "d CLASS1 TYPE65280 \\# 0",
                        "e TYPE65281 \\# 6 ( 0a00 00\n 010203 )",
                        "f IN TYPE16 \\# 3 026869"));
        all.put("unknownshort", lines("a TYPE65280 \\# 5 0a000001"));
        all.put("unknowntype", lines("a BOGUS data"));
        all.put("known", lines("a A 1.2.3.4", "b TYPE28 \\# 3 010203"));
        all.put(
                "ttls",
                text(
                        "$TTL 1h",
                        "@ IN SOA ns.out.example. root.out.example. 7 1h 30m 1w2d 1m30s",
                        "@ NS ns.out.example.",
                        "a 5 A 192.0.2.1",
                        "b A 192.0.2.2",
                        "$TTL 2d3h",
                        "c A 192.0.2.3",
                        "d 1h30m IN A 192.0.2.4",
                        "e IN 7 A 192.0.2.5",
                        "f 0 A 192.0.2.6"));
        all.put(
                "inherited",
                "@ 77 IN SOA ns.out.example. root.out.example. 7 60 60 60 30\n@ NS ns.out.example.\na A 192.0.2.1\nb 99 A 192.0.2.2\nc A 192.0.2.3\n");
        all.put(
                "minimum",
                "@ IN SOA ns.out.example. root.out.example. 7 60 60 60 44\n@ NS ns.out.example.\na A 192.0.2.1\n");
        all.put("largettl", lines("a 2147483647 A 192.0.2.1", "b 2147483648 A 192.0.2.2", "c 4294967295 A 192.0.2.3"));
        all.put("hugettl", lines("a 4294967296 A 192.0.2.1"));
        all.put("mixedttl", lines("a 60 A 192.0.2.1", "a 90 A 192.0.2.2", "a 30 A 192.0.2.3"));
        all.put(
                "inheritedowner",
                lines(
                        "a A 192.0.2.1",
                        " AAAA 2001:db8::1",
                        "\tTXT \"tab\"",
                        "\n; comment\n  MX 1 a",
                        "  60 HINFO a b"));
        all.put("crlf", lines("a A 192.0.2.1", "b TXT \"x\"").replace("\n", "\r\n"));
        all.put("tabs", lines("a\tIN\tA\t192.0.2.1", "b\t\t60\tIN\tA\t192.0.2.2\t; c", "c A 192.0.2.3   "));
        all.put("noend", lines("a A 192.0.2.1").stripTrailing());
        all.put(
                "blank",
                "\n\n;x\n   \n\t\n" + lines("a A 192.0.2.1", "", "   ", "b A 192.0.2.2", "   ; only a comment")
                        + "\n\n");
        all.put(
                "case",
                lines(
                        "Host A 192.0.2.1",
                        "hOST AAAA 2001:db8::1",
                        "HOST.CASE.TEST. TXT \"Case\"",
                        "x cname HOST",
                        "y In Mx 1 HOST"));
        all.put("classes", lines("a IN A 192.0.2.1", "b CH A 192.0.2.2"));
        all.put("hesiod", lines("a IN A 192.0.2.1", "b HS TXT \"x\""));
        all.put("order", lines("a IN 60 A 192.0.2.1", "b 60 IN A 192.0.2.2", "c 60 A 192.0.2.3", "d IN A 192.0.2.4"));
        all.put(
                "namesliketypes",
                lines(
                        "in A 192.0.2.1",
                        "a A 192.0.2.2",
                        "ns NS ns.out.example.",
                        "txt TXT txt",
                        "3600 A 192.0.2.3",
                        "ch IN A 192.0.2.4"));
        String label = "l".repeat(63);
        all.put("labels", lines(label + " A 192.0.2.1"));
        all.put("overlabel", lines(label + "l A 192.0.2.1"));
        String longest = (label + ".").repeat(3) + "m".repeat(255 - 2 - 3 * 64 - 14) + ".longest.test.";
        all.put("longest", lines(longest + " A 192.0.2.1", "p PTR " + longest));
        all.put("overlong", lines("m" + (label + ".").repeat(3) + "m".repeat(50) + " A 192.0.2.1"));
        all.put("emptylabel", lines("a..b A 192.0.2.1"));
        all.put("outside", lines("a A 192.0.2.1", "www.example. A 192.0.2.2"));
        all.put("cnameandother", lines("a CNAME b", "a A 192.0.2.1"));
        all.put("twocnames", lines("a CNAME b", "a CNAME c"));
        all.put("samecname", lines("a CNAME b", "a CNAME b"));
        all.put("cnameapex", lines("@ CNAME b"));
        all.put(
                "cnamesigned",
                lines(
                        "a CNAME b",
                        "a RRSIG CNAME 13 3 300 20300101000000 20200101000000 1 cnamesigned.test. AAAA",
                        "a NSEC b CNAME RRSIG NSEC"));
        all.put("twosoas", lines("@ SOA ns.out.example. root.out.example. 8 60 60 60 30"));
        all.put("samesoa", lines("@ SOA ns.out.example. root.out.example. 7 60 60 60 30"));
        all.put("othersoa", lines("a SOA ns.out.example. root.out.example. 7 60 60 60 30"));
        all.put("nosoa", "$TTL 300\n@ NS ns.out.example.\na A 192.0.2.1\n");
        all.put("nons", "$TTL 300\n@ SOA ns.out.example. root.out.example. 7 60 60 60 30\na A 192.0.2.1\n");
        all.put(
                "latesoa",
                "$TTL 300\na A 192.0.2.1\n@ NS ns.out.example.\n@ SOA ns.out.example. root.out.example. 7 60 60 60 30\n");
        all.put("twodnames", lines("a DNAME b", "a DNAME c"));
        all.put("dnamebelow", lines("a DNAME b", "x.a A 192.0.2.1"));
        all.put("dnameandcname", lines("a DNAME b", "a CNAME c"));
        all.put("dnameandns", lines("a DNAME b", "a NS ns.out.example."));
        all.put(
                "duplicates",
                lines(
                        "a A 192.0.2.1",
                        "a A 192.0.2.1",
                        "a NS NS.Out.Example.",
                        "a NS ns.out.example.",
                        "m MX 1 x",
                        "m MX 1 X",
                        "m MX 1 x"));
        all.put("badaddress", lines("a A 192.0.2"));
        all.put("badaddress6", lines("a AAAA 2001:db8:::1"));
        all.put("extra", lines("a A 192.0.2.1 192.0.2.2"));
        all.put("missing", lines("a MX 10"));
        all.put("badmx", lines("a MX 70000 b"));
        all.put("directive", lines("$BOGUS x", "a A 192.0.2.1"));
        all.put(
                "nottl",
                "@ IN SOA ns.out.example. root.out.example. 7 60 60 60 30\n@ 60 NS ns.out.example.\na A 192.0.2.1\n");
        all.put("dotless", lines("p PTR host", "q PTR host.", "r PTR .", "s SRV 0 0 0 .", "t MX 0 ."));
        all.put("underscores", lines("_x._tcp SRV 1 2 3 a_b", "a_b A 192.0.2.1", "-x- A 192.0.2.2", "x-- A 192.0.2.3"));
        for (String type : TYPES) {
            all.put("type" + type.substring(0, type.indexOf(' ')).toLowerCase(Locale.ROOT), lines("a " + type));
        }
        all.put(
                "svcb",
                lines(
                        "a SVCB 16 x alpn=\"f\\\\\\\\oo\\\\,bar,h2\"",
                        "b HTTPS 1 . mandatory=alpn alpn=h2 ech=AAAA ipv6hint=2001:db8::1",
                        "c SVCB 1 x key667=hello",
                        "d SVCB 1 x key667=\"hello\\210qoo\"",
                        "e HTTPS 1 x no-default-alpn alpn=h3"));
        all.put(
                "comments",
                lines("a A 192.0.2.1;x", "b A 192.0.2.2 ; ( not open", "c TXT x;y", "; whole line", "d TXT \"a;b\";c"));
        all.put("wildcards", lines("* A 192.0.2.1", "a.* A 192.0.2.2", "*.b CNAME a", "*x A 192.0.2.3", "c.*.d TXT x"));
        all.put("atsign", lines("a MX 1 @", "b CNAME @", "@ TXT @"));
        all.put("octets", lines("a TXT \"gr\u00fc\u00dfe\"", "b TXT \u00c3\u00bc", "c HINFO \"\u00e9\" \"\\\u00e9\""));
        all.put("octetsinnames", lines("\u00e9 A 192.0.2.1"));
        all.put("meta", lines("a ANY \\# 0"));
        all.put("typezero", lines("a TYPE0 \\# 0"));
        all.put("relativeinclude", lines("$INCLUDE FOLDER/included.part sub"));
        all.put(
                "generatetypes",
                lines(
                        "$GENERATE 1-3 h$ TXT \"a b$\"",
                        "$GENERATE 1-2 $.p PTR h$",
                        "$GENERATE 1-2 $ CNAME $$.x",
                        "$GENERATE 0-255/51 ${0,0,n}.n A 192.0.2.$",
                        "$GENERATE 1-2 a$ AAAA 2001:db8::$",
                        "$GENERATE 5-6 o${-5,2,o}q A 192.0.2.1"));
        return all;
    }
}
