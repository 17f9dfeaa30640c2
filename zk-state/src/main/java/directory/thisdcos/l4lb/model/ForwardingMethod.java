package directory.thisdcos.l4lb.model;

import java.util.Optional;

/** How packets of a virtual service reach its backends (ipvsadm(8), options -m, -g, -i and --tun-type). */
public enum ForwardingMethod {
    /** Address translation: the default, and the only one that can change the port. */
    NAT("nat"),
    /** Direct routing: the packet as it is, on the same network; the backend has the virtual address too. */
    DIRECT("direct"),
    /** In an IP-in-IP tunnel; the backend has the virtual address too. */
    IPIP("ipip"),
    /** In a GUE tunnel over UDP. */
    GUE("gue"),
    /** In a GRE tunnel. */
    GRE("gre");

    private final String text;

    ForwardingMethod(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** The method with this name, in any case. */
    public static Optional<ForwardingMethod> parse(String text) {
        for (ForwardingMethod method : values()) {
            if (method.text.equalsIgnoreCase(text)) {
                return Optional.of(method);
            }
        }
        return Optional.empty();
    }
}
