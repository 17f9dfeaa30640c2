package directory.thisdcos.l4lb.model;

/**
 * The name of a service, {@code my-service.marathon.l4lb.thisdcos.directory}: lower case, without the final dot. Two
 * labels that give one FQDN are one service.
 *
 * @param fqdn the whole name, at most {@value #MAX_OCTETS} octets
 */
public record ServiceName(String fqdn) implements Target {

    /** The zone in which every service name lives. */
    public static final String ZONE = "l4lb.thisdcos.directory";

    /** RFC 1035 §2.3.4, as text without the final dot. */
    static final int MAX_OCTETS = 253;

    private static final int MAX_LABEL_OCTETS = 63;
    private static final String SUFFIX = "." + ZONE;

    public ServiceName {
        if (!fqdn.endsWith(SUFFIX) || fqdn.length() > MAX_OCTETS || !hasOnlyLabels(fqdn)) {
            throw new IllegalArgumentException("not a service name: '" + abbreviate(fqdn) + "'");
        }
    }

    /** Whether it is made of labels of letters, digits, and hyphens within: names come back from files and ZooKeeper. */
    private static boolean hasOnlyLabels(String fqdn) {
        int start = 0;
        for (int i = 0; i <= fqdn.length(); i++) {
            char c = i < fqdn.length() ? fqdn.charAt(i) : '.';
            if (c == '.') {
                if (i == start
                        || i - start > MAX_LABEL_OCTETS
                        || fqdn.charAt(start) == '-'
                        || fqdn.charAt(i - 1) == '-') {
                    return false;
                }
                start = i + 1;
            } else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * The name that a label text and a framework name give. Each is split at dots; in each part letters become lower
     * case, {@code _} becomes {@code -}, every other character outside {@code [a-z0-9-]} is dropped, and so are hyphens
     * at both ends (as in DC/OS's mesos_state). A part that would be longer than 63 octets is refused rather than cut,
     * because two cut names could meet.
     *
     * @param label the part of a VIP value before the port, such as {@code /my-service}
     * @param framework the framework's name, such as {@code marathon} or {@code /prod/kafka}
     * @throws InvalidVipException if nothing is left of either, or a length limit of RFC 1035 is passed
     */
    public static ServiceName of(String label, String framework) throws InvalidVipException {
        String name = normalise(label);
        if (name.isEmpty()) {
            throw new InvalidVipException("'" + label + "' holds no letter or digit, so it gives no name; "
                    + "write a name such as /my-service before the port");
        }
        String suffix = normalise(framework);
        if (suffix.isEmpty()) {
            throw new InvalidVipException("the framework name '" + framework + "' holds no letter or digit");
        }
        String fqdn = name + "." + suffix + SUFFIX;
        if (fqdn.length() > MAX_OCTETS) {
            throw new InvalidVipException("the name " + abbreviate(fqdn) + " would be " + fqdn.length()
                    + " octets long; a DNS name has at most " + MAX_OCTETS);
        }
        return new ServiceName(fqdn);
    }

    private static String normalise(String text) throws InvalidVipException {
        StringBuilder name = new StringBuilder();
        for (String part : text.split("\\.", -1)) {
            String label = normaliseLabel(part);
            if (label.isEmpty()) {
                continue;
            }
            if (label.length() > MAX_LABEL_OCTETS) {
                throw new InvalidVipException("'" + abbreviate(part) + "' gives a DNS label of " + label.length()
                        + " octets; a label has at most " + MAX_LABEL_OCTETS);
            }
            name.append(name.isEmpty() ? "" : ".").append(label);
        }
        return name.toString();
    }

    private static String normaliseLabel(String part) {
        StringBuilder label = new StringBuilder();
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                c = Character.toLowerCase(c);
            }
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                label.append(c);
            } else if ((c == '-' || c == '_') && !label.isEmpty()) {
                label.append('-');
            }
        }
        while (!label.isEmpty() && label.charAt(label.length() - 1) == '-') {
            label.setLength(label.length() - 1);
        }
        return label.toString();
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    /** The name below the zone, {@code my-service.marathon}: what dcos-net hashes to the first candidate address. */
    public String prefix() {
        return fqdn.substring(0, fqdn.length() - SUFFIX.length());
    }

    @Override
    public String text() {
        return fqdn;
    }

    @Override
    public String toString() {
        return fqdn;
    }
}
