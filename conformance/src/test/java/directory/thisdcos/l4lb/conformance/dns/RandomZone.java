package directory.thisdcos.l4lb.conformance.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A small zone with aliases, wildcards, delegations, empty non-terminals and loops, and the questions that tell its odd
 * corners apart: every owner, what is below, beside and above it, for each of the types that matter.
 *
 * @param names without the final dot
 */
record RandomZone(String origin, String text, List<String> names) {
    private static final List<String> TYPES = List.of(
            "A", "AAAA", "CNAME", "DNAME", "NS", "MX", "SRV", "TXT", "SOA", "DS", "PTR", "NAPTR", "ANY", "TYPE65280");
    private static final List<String> CLASSES = List.of("IN", "ANY", "CH", "HS", "NONE", "CLASS77");
    /** Every eighth zone lies within the one before, which may or may not delegate it. */
    private static final int CHILDREN = 8;

    /** Zones refer to each other by number, so that aliases lead from one into another. */
    static RandomZone of(int number, int count, Random random) {
        return new RandomZoneMaker(number, count, random).make();
    }

    static String origin(int number) {
        return number % CHILDREN == CHILDREN - 1 ? "c.z" + (number - 1) + ".test" : "z" + number + ".test";
    }

    static boolean isOrigin(String name, int count) {
        return IntStream.range(0, count).anyMatch(number -> origin(number).equals(name));
    }

    /** Each name with each type, its letters in random case; some in another class than IN. */
    List<Question> questions(Random random) {
        List<Question> questions = new ArrayList<>();
        for (String name : names) {
            for (String type : TYPES) {
                if (type.equals("DS") && isUndelegatedOrigin(name)) {
                    // Who is to be asked cannot be known: each server has an idea of its own.
                    continue;
                }
                String qclass = random.nextInt(50) == 0 ? CLASSES.get(random.nextInt(CLASSES.size())) : "IN";
                questions.add(new Question(cased(name, random), type, qclass));
            }
        }
        return questions;
    }

    private boolean isUndelegatedOrigin(String name) {
        boolean isChild =
                name.startsWith("c.z") && !name.equals(origin) && name.indexOf('.', 2) == name.lastIndexOf('.');
        return isChild && text.lines().noneMatch(line -> line.startsWith(name + ". ") && line.contains(" IN NS "));
    }

    private static String cased(String name, Random random) {
        return random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name;
    }

    /** What is asked. */
    record Question(String name, String type, String qclass) {}
}
