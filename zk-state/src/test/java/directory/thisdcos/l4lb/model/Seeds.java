package directory.thisdcos.l4lb.model;

/** Runs a property for many seeds and says which one failed. */
public final class Seeds {
    private Seeds() {}

    /** A property of whatever a seed gives. */
    public interface Property {
        void check(long seed) throws Exception;
    }

    public static void forEach(int count, Property property) throws Exception {
        for (long seed = 1; seed <= count; seed++) {
            try {
                property.check(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }
}
