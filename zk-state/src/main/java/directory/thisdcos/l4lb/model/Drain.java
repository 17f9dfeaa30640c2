package directory.thisdcos.l4lb.model;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An operator's word that an agent, or a backend in whatever service, shall get no new connections.
 *
 * @param what the agent as its source or its node calls it, or {@code ADDRESS:PORT}
 * @param names of an agent: what else it is called, names and addresses, and {@code what} itself; all in lower case
 * @param by who wanted it; for people
 * @param reason for people; may be empty
 */
public record Drain(Kind kind, String what, SortedSet<String> names, String by, String reason, long sinceMillis)
        implements Comparable<Drain> {

    /** What is drained. */
    public enum Kind {
        /** All backends that an agent runs, now and later. */
        AGENT,
        /** The backend at one address and port. */
        BACKEND;

        private final String text = name().toLowerCase(Locale.ROOT);

        public String text() {
            return text;
        }
    }

    public Drain {
        if (what.isBlank()) {
            throw new IllegalArgumentException("name what is to be drained");
        }
        what = kind == Kind.BACKEND
                ? Endpoint.parse(what).toString()
                : what.strip().toLowerCase(Locale.ROOT);
        TreeSet<String> all = new TreeSet<>();
        names.forEach(name -> all.add(name.toLowerCase(Locale.ROOT)));
        all.add(what);
        names = Collections.unmodifiableSortedSet(all);
    }

    /** One sentence for people: who wanted it, and why. */
    public String text() {
        return by + " drains " + kind.text() + " " + what + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    boolean isSame(Drain other) {
        return kind == other.kind && what.equals(other.what);
    }

    @Override
    public int compareTo(Drain other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : what.compareTo(other.what);
    }
}
