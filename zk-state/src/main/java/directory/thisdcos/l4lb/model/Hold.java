package directory.thisdcos.l4lb.model;

import java.util.List;

/**
 * What an operator did to a name's addresses.
 *
 * @param reserved whether the name keeps them although nobody declares it
 * @param former addresses that the name had before it was moved, in quarantine: nobody uses them, and nobody gets them
 */
public record Hold(boolean reserved, List<Former> former) {

    /** Nothing, as for nearly every name. */
    public static final Hold NONE = new Hold(false, List.of());

    /** Reserved, and never moved. */
    public static final Hold RESERVED = new Hold(true, List.of());

    /** An address that is not the name's any more, since a time in milliseconds since the epoch. */
    public record Former(Ip address, long since) {}

    public Hold {
        former = List.copyOf(former);
    }

    public Hold withReserved(boolean isReserved) {
        return new Hold(isReserved, former);
    }

    public Hold withFormer(List<Former> newFormer) {
        return new Hold(reserved, newFormer);
    }
}
