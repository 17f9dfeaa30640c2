package directory.thisdcos.l4lb.ipvs;

/** How packets reach a real server; number, word in /proc/net/ip_vs and option of ipvsadm (include/uapi/linux/ip_vs.h). */
enum Forwarding {
    MASQUERADE(0, "Masq", "-m"),
    LOCAL(1, "Local", "-g"),
    TUNNEL(2, "Tunnel", "-i"),
    DIRECT(3, "Route", "-g"),
    BYPASS(4, "Bypass", "-g");

    /** IP_VS_CONN_F_FWD_MASK */
    private static final int MASK = 0x7;

    private final int number;
    private final String word;
    private final String option;

    Forwarding(int number, String word, String option) {
        this.number = number;
        this.word = word;
        this.option = option;
    }

    static Forwarding of(int number) {
        int method = number & MASK;
        return method < values().length ? values()[method] : BYPASS;
    }

    static Forwarding of(String word) {
        for (Forwarding method : values()) {
            if (method.word.equals(word)) {
                return method;
            }
        }
        return BYPASS;
    }

    int number() {
        return number;
    }

    String option() {
        return option;
    }
}
