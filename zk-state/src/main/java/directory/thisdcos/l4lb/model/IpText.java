package directory.thisdcos.l4lb.model;

import java.util.Optional;

/** The text forms of an address: strict in (RFC 4291 §2.2), canonical out (RFC 5952). */
final class IpText {

    private IpText() {}

    static Optional<Ip> parse(String text) {
        if (text.indexOf(':') >= 0) {
            return parseV6(text);
        }
        int value = parseV4(text);
        return value == -1 && !text.equals("255.255.255.255") ? Optional.empty() : Optional.of(Ip.v4(value));
    }

    /** The value, or -1 for a text that is no dotted quad (and for 255.255.255.255, which the caller knows). */
    private static int parseV4(String text) {
        int value = 0;
        int from = 0;
        for (int i = 0; i < 4; i++) {
            int dot = text.indexOf('.', from);
            int end = dot < 0 ? text.length() : dot;
            int octet = decimalOctet(text, from, end);
            if (octet < 0 || (i < 3 ? dot < 0 : dot >= 0)) {
                return -1;
            }
            value = value << 8 | octet;
            from = end + 1;
        }
        return value;
    }

    private static int decimalOctet(String text, int from, int end) {
        if (from == end || end - from > 3 || (end - from > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= 255 ? value : -1;
    }

    private static Optional<Ip> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        int[] groups = new int[8];
        if (gap < 0) {
            return fillGroups(text, groups, 0) == 8 ? Optional.of(fromGroups(groups)) : Optional.empty();
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        int[] tailGroups = new int[8];
        int headCount = head.isEmpty() ? 0 : fillGroups(head, groups, 0);
        int tailCount = tail.isEmpty() ? 0 : fillGroups(tail, tailGroups, headCount);
        if (headCount < 0 || tailCount < 0 || headCount + tailCount > 7 || head.indexOf('.') >= 0) {
            return Optional.empty();
        }
        System.arraycopy(tailGroups, 0, groups, 8 - tailCount, tailCount);
        return Optional.of(fromGroups(groups));
    }

    /** Writes the groups of {@code text} from index 0; their number, or -1 if one is no group. */
    private static int fillGroups(String text, int[] groups, int before) {
        String[] parts = text.split(":", -1);
        int count = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (before + count >= 8) {
                return -1;
            }
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                int quad = parseV4(part);
                if (count + 2 > 8 || (quad == -1 && !part.equals("255.255.255.255"))) {
                    return -1;
                }
                groups[count++] = quad >>> 16;
                groups[count++] = quad & 0xffff;
            } else {
                int group = hexGroup(part);
                if (group < 0) {
                    return -1;
                }
                groups[count++] = group;
            }
        }
        return count;
    }

    private static int hexGroup(String part) {
        if (part.isEmpty() || part.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static Ip fromGroups(int[] groups) {
        long high = 0;
        long low = 0;
        for (int i = 0; i < 4; i++) {
            high = high << 16 | groups[i];
            low = low << 16 | groups[i + 4];
        }
        return new Ip(Family.V6, high, low);
    }

    static String format(Ip ip) {
        if (ip.isV4()) {
            int v = (int) ip.low();
            return (v >>> 24) + "." + (v >>> 16 & 0xff) + "." + (v >>> 8 & 0xff) + "." + (v & 0xff);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 4; i++) {
            groups[i] = (int) (ip.high() >>> (48 - 16 * i)) & 0xffff;
            groups[i + 4] = (int) (ip.low() >>> (48 - 16 * i)) & 0xffff;
        }
        int gapStart = -1;
        int gapLength = 1;
        for (int i = 0; i < 8; i++) {
            int run = i;
            while (run < 8 && groups[run] == 0) {
                run++;
            }
            if (run - i > gapLength) {
                gapStart = i;
                gapLength = run - i;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
