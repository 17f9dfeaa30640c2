package directory.thisdcos.l4lb.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which backends a node prefers: the nearest of these that there are, and beyond the widest all. */
public enum Locality {
    /** All alike. */
    NONE,
    /** On the node itself, else in its rack, else in its zone, else all. */
    NODE,
    /** In its rack, else in its zone, else all. */
    RACK,
    /** In its zone, else all. */
    ZONE;

    private final String text = name().toLowerCase(Locale.ROOT);

    public String text() {
        return text;
    }

    public static Optional<Locality> parse(String text) {
        return Arrays.stream(values())
                .filter(locality -> locality.text.equalsIgnoreCase(text))
                .findFirst();
    }
}
