package directory.thisdcos.l4lb.ipvs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import java.util.Arrays;

/**
 * Words of {@code /proc/net/ip_vs}, line by line, without a text for each line: an audit of 5,000 services reads two
 * megabytes. For one thread.
 */
final class ProcLines {
    /** Words that come again and again. */
    private static final String[] COMMON = {"->", "TCP", "UDP", "Masq", "wlc", "rr", "sh", "mh", "Route", "Tunnel"};

    private static final byte[][] COMMON_OCTETS =
            Arrays.stream(COMMON).map(word -> word.getBytes(US_ASCII)).toArray(byte[][]::new);

    private final byte[] text;
    private int at;
    private int end;
    private int next;

    ProcLines(byte[] text) {
        this.text = text;
    }

    /** Goes to the beginning of the next line, whatever is left of this one; false at the end of the text. */
    boolean nextLine() {
        if (next >= text.length) {
            return false;
        }
        at = next;
        end = at;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        next = end + 1;
        return true;
    }

    /** The next word of the line; empty at its end. */
    String word() {
        skipBlanks();
        int start = at;
        while (at < end && text[at] != ' ') {
            at++;
        }
        for (int i = 0; i < COMMON.length; i++) {
            if (Arrays.equals(text, start, at, COMMON_OCTETS[i], 0, COMMON_OCTETS[i].length)) {
                return COMMON[i];
            }
        }
        return new String(text, start, at - start, US_ASCII);
    }

    /** The next word as a decimal number below 2^31. */
    int number() {
        skipBlanks();
        int number = 0;
        while (at < end && text[at] != ' ') {
            number = number * 10 + text[at++] - '0';
        }
        return number;
    }

    /** Hexadecimal both: {@code 0A010002:1F90}, or {@code [fd02:…]:1F90} with all digits. */
    Endpoint endpoint() {
        skipBlanks();
        Ip ip;
        if (at < end && text[at] == '[') {
            at++;
            long high = hex(16);
            at++;
            long low = hex(16);
            at++;
            ip = new Ip(Family.V6, high, low);
        } else {
            ip = Ip.v4((int) hex(8));
        }
        at++;
        return new Endpoint(ip, (int) hex(4));
    }

    /** So many digits, with colons between them or without. */
    private long hex(int digits) {
        long number = 0;
        for (int left = digits; left > 0 && at < end; at++) {
            if (text[at] != ':') {
                number = number << 4 | Character.digit(text[at], 16);
                left--;
            }
        }
        return number;
    }

    private void skipBlanks() {
        while (at < end && text[at] == ' ') {
            at++;
        }
    }
}
