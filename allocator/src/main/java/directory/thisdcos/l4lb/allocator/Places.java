package directory.thisdcos.l4lb.allocator;

/** Where machines are, as {@code REGION/ZONE/RACK}; sources say {@code REGION/ZONE}, or nothing. */
final class Places {
    private static final int PARTS = 3;

    private Places() {}

    /** What attributes say, and for the parts that they leave open what the source says; empty if neither says any. */
    static String over(String attributes, String source) {
        String[] own = attributes.split("/", -1);
        String[] said = source.split("/", -1);
        StringBuilder place = new StringBuilder();
        boolean isOwn = false;
        for (int i = 0; i < PARTS; i++) {
            boolean has = i < own.length && !own[i].isEmpty();
            isOwn |= has;
            place.append(i == 0 ? "" : "/").append(has ? own[i] : i < said.length ? said[i] : "");
        }
        return isOwn ? place.toString() : source;
    }

    /** Whether a place in the table is one that attributes were written into, over what the source says. */
    static boolean isFilled(String place, String source) {
        String[] parts = place.split("/", -1);
        String[] said = source.split("/", -1);
        return parts.length == PARTS && said.length < PARTS;
    }
}
