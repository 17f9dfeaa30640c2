package directory.thisdcos.l4lb.conformance.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A small zone with aliases, wildcards, delegations, empty non-terminals and loops, and the questions that tell its odd
 * corners apart: every owner, what is below, beside and above it, for each of the types that matter.
 */
record RandomZone(String origin, String text, List<String> names) {
    private static final String[] LABELS = {"a", "b", "c", "*"};

    /** Zones refer to each other by number, so that aliases lead from one into another. */
    static RandomZone of(int number, int count, Random random) {
        return new Maker(number, count, random).make();
    }

    static String origin(int number) {
        return "z" + number + ".test";
    }

    private static final class Maker {
        private final String origin;
        private final int count;
        private final Random random;
        private final StringBuilder text = new StringBuilder();
        private final Map<String, Set<String>> types = new HashMap<>();
        private final Set<String> names = new TreeSet<>();

        Maker(int number, int count, Random random) {
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
            Set<String> asked = new TreeSet<>(names);
            for (String name : names) {
                asked.add("a." + name);
                asked.add("x.y." + name);
                asked.add("*." + name);
                asked.add(name.replaceFirst("^[^.]+", "q"));
                asked.add(name.substring(name.indexOf('.') + 1));
            }
            asked.removeIf(name -> !name.endsWith(origin));
            return new RandomZone(origin, text.toString(), List.copyOf(asked));
        }

        private String owner() {
            StringBuilder owner = new StringBuilder();
            for (int depth = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3); depth > 0; depth--) {
                owner.append(LABELS[random.nextInt(LABELS.length)]).append('.');
            }
            return owner + origin;
        }

        private String target() {
            return switch (random.nextInt(8)) {
                case 0 -> "www.out.example.";
                case 1 -> "a." + RandomZone.origin(random.nextInt(count)) + ".";
                case 2 -> "b.a." + origin + ".";
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
            switch (random.nextInt(delegated ? 2 : 13)) {
                case 0, 1, 2 -> line(owner, "A", "192.0.2." + random.nextInt(250));
                case 3 -> line(owner, "AAAA", "2001:db8::" + random.nextInt(99));
                case 4 -> line(owner, "TXT", "\"t" + random.nextInt(99) + "\"");
                case 5 -> line(owner, "MX", "10 " + target());
                case 6 -> line(owner, "SRV", "1 2 80 " + target());
                case 7, 8 -> {
                    if (here.isEmpty() && !apex) {
                        line(owner, "CNAME", target());
                    }
                }
                case 9 -> {
                    // RFC 6672, 3.3: a DNAME at a wildcard has no defined meaning, and the references agree on none.
                    boolean wildcard = owner.startsWith("*.");
                    if (!wildcard && !here.contains("DNAME") && !here.contains("NS") && !hasBelow(owner)) {
                        line(owner, "DNAME", target());
                    }
                }
                default -> {
                    if (!apex && !here.contains("DNAME") && !owner.contains("*")) {
                        boolean inside = random.nextBoolean() && glue("ns." + owner);
                        line(owner, "NS", inside ? "ns." + owner + "." : "ns2.out.example.");
                    }
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

        private void line(String owner, String type, String data) {
            types.computeIfAbsent(owner, key -> new TreeSet<>()).add(type);
            names.add(owner);
            text.append(owner)
                    .append(". 300 IN ")
                    .append(type)
                    .append(' ')
                    .append(data)
                    .append('\n');
        }
    }

    /** Questions as name and type, in a fixed order. */
    List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (String name : names) {
            for (String type : new String[] {"A", "CNAME", "DNAME", "NS", "MX", "SRV", "TXT", "SOA", "DS"}) {
                questions.add(new Question(name, type));
            }
        }
        return questions;
    }

    /** A name without the final dot, and a type. */
    record Question(String name, String type) {}
}
