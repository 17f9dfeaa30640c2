package directory.thisdcos.l4lb.dns.answer;

import java.util.Locale;

/** How a query came, which decides how large an answer may be and whether it is padded. */
public enum Transport {
    UDP,
    TCP,
    TLS;

    /** Whether messages are framed, so that an answer may be of any size. */
    public boolean isStream() {
        return this != UDP;
    }

    /** The value of a metric label. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
