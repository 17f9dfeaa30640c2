package directory.thisdcos.l4lb.dns.wire;

import java.util.Arrays;

/** Writes names below one suffix as if they stood below another. For one thread. */
final class Renaming {
    private final NameView view = new NameView();
    private final Name real;
    private final Name shown;

    Renaming(Name real, Name shown) {
        this.real = real;
        this.shown = shown;
    }

    /** The uncompressed name at {@code from}, renamed if it is below the suffix and the new one is not over-long. */
    byte[] apply(byte[] source, int from) {
        int end = view.read(source, from, source.length);
        int label = view.labels() - real.labels();
        if (label < 0 || !view.suffixEquals(label, real) || view.start(label) + shown.length() > Wire.MAX_NAME) {
            return Arrays.copyOfRange(source, from, end);
        }
        int head = view.start(label);
        byte[] renamed = Arrays.copyOfRange(source, from, from + head + shown.length());
        System.arraycopy(shown.wire(), 0, renamed, head, shown.length());
        return renamed;
    }
}
