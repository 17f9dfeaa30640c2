package directory.thisdcos.l4lb.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A transport protocol that IPVS balances, with its IP protocol number (IANA). */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** IP protocol number as in the IP header. */
    public int number() {
        return number;
    }

    /** The name in lower case, as in labels, in the API and in SRV owner names. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Parses one name in any case ({@code "TCP"}); empty for everything else, {@code "tcp,udp"} included. */
    public static Optional<Protocol> parse(String text) {
        for (Protocol protocol : values()) {
            if (protocol.name().equalsIgnoreCase(text)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    /** The one with this IP protocol number. */
    public static Optional<Protocol> of(int number) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.number == number)
                .findFirst();
    }

    @Override
    public String toString() {
        return text();
    }
}
