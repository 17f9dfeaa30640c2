package directory.thisdcos.l4lb.dns.answer;

import java.util.Locale;

/** How a query came, which decides how large an answer may be. */
public enum Transport {
    UDP,
    TCP;

    /** The value of a metric label. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
