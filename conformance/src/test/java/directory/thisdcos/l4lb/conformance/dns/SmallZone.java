package directory.thisdcos.l4lb.conformance.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A zone of two to six records over the labels {@code a}, {@code b} and {@code *}, three deep, with no regard to what is
 * good for it: data below cuts and aliases, hosts that are wildcards, delegations to themselves. Small, so that a few
 * thousand of them come near to all.
 */
record SmallZone(String origin, String text) {
    private static final List<String> LABELS = List.of("a", "b", "*");
    private static final List<String> ASKED_LABELS = List.of("a", "b", "*", "q");
    private static final List<String> ASKED_TYPES = List.of(
            "A", "A", "AAAA", "CNAME", "DNAME", "NS", "MX", "SRV", "TXT", "SOA", "DS", "KX", "SVCB", "HTTPS", "NSEC",
            "RRSIG", "AFSDB", "RT", "NAPTR", "CAA", "DNSKEY", "KEY", "NULL");
    private static final int MAX_DEPTH = 3;
    private static final List<String> TYPES = List.of(
            "A", "A", "AAAA", "TXT", "NS", "NS", "NS", "CNAME", "CNAME", "CNAME", "DNAME", "DNAME", "MX", "SRV", "DS",
            "KX", "AFSDB", "RT", "SVCB", "HTTPS", "NAPTR", "RRSIG", "NSEC", "CAA");

    static String origin(int number) {
        return "s" + number + ".test";
    }

    /** Only what every server takes: no alias with other data, none of the zone itself, one DNAME. */
    static SmallZone of(int number, Random random) {
        String origin = origin(number);
        StringBuilder text = new StringBuilder();
        text.append(origin).append(". 500 IN SOA ns1.outside.example. root.outside.example. 3 604800 86400 2419200 ");
        text.append(random.nextBoolean() ? 60 : 604_800).append('\n');
        text.append(origin).append(". 500 IN NS ns1.outside.example.\n");
        Map<String, Set<String>> types = new TreeMap<>(Map.of(origin, new TreeSet<>(Set.of("SOA", "NS"))));
        for (int i = 2 + random.nextInt(5); i > 0; i--) {
            String owner = name(LABELS, MAX_DEPTH, origin, random);
            String type = TYPES.get(random.nextInt(TYPES.size()));
            Set<String> here = types.computeIfAbsent(owner, key -> new TreeSet<>());
            boolean alone = type.equals("CNAME") ? !here.isEmpty() : here.contains("CNAME");
            if (alone || (type.equals("DNAME") && here.contains("DNAME"))) {
                continue;
            }
            here.add(type);
            text.append(owner).append(". 500 IN ").append(type).append(' ');
            text.append(data(type, origin, random)).append('\n');
        }
        return new SmallZone(origin, text.toString());
    }

    private static String data(String type, String origin, Random random) {
        String target = target(origin, random) + ".";
        return switch (type) {
            case "A" -> "192.0.2." + random.nextInt(250);
            case "AAAA" -> "2001:db8::" + random.nextInt(99);
            case "TXT" -> "\"t" + random.nextInt(9) + "\"";
            case "MX", "KX", "AFSDB", "RT" -> "1 " + target;
            case "SRV" -> "1 2 80 " + target;
            case "DS" -> "1 13 2 " + "ab".repeat(32);
            case "SVCB", "HTTPS" -> random.nextInt(3) == 0 ? "0 " + target : "1 " + target + " port=53";
            case "NAPTR" -> "1 2 \"" + (random.nextBoolean() ? "s" : "a") + "\" \"E2U\" \"\" " + target;
            case "RRSIG" -> "A 13 2 500 20300101000000 20200101000000 1 " + origin + ". AAAA";
            case "NSEC" -> target + " A NSEC";
            case "CAA" -> "0 issue \"ca.example\"";
            default -> target;
        };
    }

    private static String target(String origin, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> "a.outside.example";
            case 1 -> origin;
            default -> name(LABELS, MAX_DEPTH, origin, random);
        };
    }

    private static String name(List<String> labels, int depth, String origin, Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(4) == 0 ? random.nextInt(depth + 1) : 1 + random.nextInt(2); i > 0; i--) {
            name.append(labels.get(random.nextInt(labels.size()))).append('.');
        }
        return name + origin;
    }

    /** Questions at, above, below and beside its names. */
    List<RandomZone.Question> questions(int count, Random random) {
        List<RandomZone.Question> questions = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String name = name(ASKED_LABELS, MAX_DEPTH + 1, origin, random);
            questions.add(new RandomZone.Question(name, ASKED_TYPES.get(random.nextInt(ASKED_TYPES.size())), "IN"));
        }
        return questions;
    }
}
