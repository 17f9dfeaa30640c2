package directory.thisdcos.l4lb.conformance.dns;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Writes the master file of one {@link RandomZone} that every reference will load. For one zone. */
final class RandomZoneMaker {
    /** As long as a label may be: a few of them, and a DNAME makes names that are too long (RFC 6672 §2.2). */
    private static final String LONG = "l".repeat(63);

    private static final String[] LABELS = {"a", "b", "c", "*", "a", "b", "*", LONG};
    private static final int MAX_NAME_TEXT = 253;

    private final String origin;
    private final int count;
    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final Map<String, Set<String>> types = new HashMap<>();
    private final Set<String> names = new TreeSet<>();

    RandomZoneMaker(int number, int count, Random random) {
        this.origin = RandomZone.origin(number);
        this.count = count;
        this.random = random;
    }

    RandomZone make() {
        line(
                origin,
                "SOA",
                "ns1.out.example. root." + origin + ". " + (1 + random.nextInt(9)) + " 60 60 60 "
                        + (random.nextBoolean() ? 30 : 900));
        line(origin, "NS", random.nextBoolean() ? "ns1.out.example." : "ns." + origin + ".");
        // BIND refuses a zone whose server has no address.
        line("ns." + origin, "A", "192.0.2.53");
        for (int i = 3 + random.nextInt(8); i > 0; i--) {
            add(owner());
        }
        return new RandomZone(origin, text.toString(), List.copyOf(asked()));
    }

    private Set<String> asked() {
        Set<String> asked = new TreeSet<>(names);
        for (String name : names) {
            asked.add("a." + name);
            asked.add("x.y." + name);
            asked.add("*." + name);
            asked.add(LONG + "." + name);
            asked.add(name.replaceFirst("^[^.]+", "q"));
            asked.add(name.substring(name.indexOf('.') + 1));
        }
        asked.removeIf(name -> name.length() > MAX_NAME_TEXT || !(name.equals(origin) || name.endsWith("." + origin)));
        if (random.nextInt(20) == 0) {
            asked.addAll(List.of("", "test", "out.example", "y" + origin));
        }
        return asked;
    }

    private String owner() {
        StringBuilder owner = new StringBuilder();
        for (int depth = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3); depth > 0; depth--) {
            owner.append(LABELS[random.nextInt(LABELS.length)]).append('.');
        }
        return owner + origin;
    }

    private String target() {
        return switch (random.nextInt(10)) {
            case 0 -> "www.out.example.";
            case 1 -> "a." + RandomZone.origin(random.nextInt(count)) + ".";
            case 2 -> "b.a." + origin + ".";
            case 3 -> (LONG + ".").repeat(3) + origin + ".";
            case 4 -> origin + ".";
            default -> owner().replace("*", random.nextBoolean() ? "*" : "a") + ".";
        };
    }

    private void add(String owner) {
        Set<String> here = types.getOrDefault(owner, Set.of());
        boolean apex = owner.equals(origin);
        if (here.contains("CNAME") || isBelowDname(owner)) {
            return;
        }
        boolean delegated = here.contains("NS") && !apex;
        switch (random.nextInt(delegated ? 3 : 17)) {
            case 0, 1 -> line(owner, "A", "192.0.2." + random.nextInt(250));
            case 2 -> {
                if (delegated) {
                    line(owner, "DS", "1 13 2 " + "ab".repeat(32));
                } else {
                    line(owner, "A", "192.0.2." + random.nextInt(250));
                }
            }
            case 3 -> line(owner, "AAAA", "2001:db8::" + random.nextInt(99));
            case 4 -> line(owner, "TXT", "\"t" + random.nextInt(99) + "\"");
            case 5 -> line(owner, "MX", "10 " + target());
            case 6 -> line(owner, "SRV", "1 2 80 " + target());
            case 7, 8 -> {
                // An alias where another zone begins is an error that each server mends in its own way.
                if (here.isEmpty() && !apex && !RandomZone.isOrigin(owner, count)) {
                    line(owner, "CNAME", target());
                }
            }
            case 9 -> {
                // RFC 6672 §3.3: a DNAME at a wildcard has no defined meaning, and the references agree on none.
                boolean wildcard = owner.startsWith("*.");
                if (!wildcard && !here.contains("DNAME") && (apex || !here.contains("NS")) && !hasBelow(owner)) {
                    line(owner, "DNAME", target());
                }
            }
            case 10 -> line(owner, "PTR", target());
            case 11 -> line(owner, "TYPE65280", "\\# 4 0a0000" + (10 + random.nextInt(90)));
            case 12 -> line(owner, "NAPTR", "1 2 \"u\" \"E2U\" \"\" " + target());
            case 13 -> large(owner);
            default -> {
                if (!apex && !here.contains("DNAME") && !owner.contains("*")) {
                    boolean inside = random.nextBoolean() && glue("ns." + owner);
                    line(owner, "NS", inside ? "ns." + owner + "." : "ns2.out.example.");
                }
            }
        }
    }

    /** A set that is too large for 512 octets, for 1,232, or for neither. */
    private void large(String owner) {
        if (random.nextBoolean()) {
            for (int i = 10 + random.nextInt(90); i > 0; i--) {
                line(owner, "A", "198.51." + random.nextInt(4) + "." + i);
            }
        } else {
            for (int i = 1 + random.nextInt(6); i > 0; i--) {
                line(owner, "TXT", "\"" + i + "x".repeat(200 + random.nextInt(50)) + "\"");
            }
        }
    }

    /** BIND refuses a delegation to a name within it that has no address. */
    private boolean glue(String name) {
        if (types.getOrDefault(name, Set.of()).contains("CNAME")) {
            return false;
        }
        line(name, "A", "192.0.2." + random.nextInt(250));
        return true;
    }

    private boolean isBelowDname(String owner) {
        for (String above = owner; above.length() > origin.length(); ) {
            above = above.substring(above.indexOf('.') + 1);
            if (types.getOrDefault(above, Set.of()).contains("DNAME")) {
                return true;
            }
        }
        return false;
    }

    private boolean hasBelow(String owner) {
        return types.keySet().stream().anyMatch(name -> name.endsWith("." + owner));
    }

    /** The records of one set have one TTL, those of different sets different ones. */
    private void line(String owner, String type, String data) {
        types.computeIfAbsent(owner, key -> new TreeSet<>()).add(type);
        names.add(owner);
        int ttl = type.equals("SOA") ? 300 : 60 * (1 + Math.floorMod((owner + type).hashCode(), 9));
        text.append(owner)
                .append(". ")
                .append(ttl)
                .append(" IN ")
                .append(type)
                .append(' ')
                .append(data)
                .append('\n');
    }
}
