package directory.thisdcos.l4lb.dns.zone;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of a {@code $GENERATE} directive, and what they make of its template; both as BIND has them. */
record GenerateRange(long first, long last, long step) {
    /** More than the addresses of any network that is named one by one; a slip of the pen must not fill the memory. */
    private static final long MAX_RECORDS = 1 << 20;

    private static final Pattern RANGE = Pattern.compile("(\\d{1,10})-(\\d{1,10})(?:/(\\d{1,10}))?");
    private static final Pattern MODIFIER = Pattern.compile("\\{(-?\\d{1,10})(?:,(\\d{1,3})(?:,([doxXnN]))?)?}");

    static GenerateRange parse(String text) {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("$GENERATE wants a range such as 1-10 or 0-20/5, not '" + text + "'");
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        long step = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
        if (last < first || step == 0 || (last - first) / step >= MAX_RECORDS) {
            throw new IllegalArgumentException(
                    "$GENERATE " + text + " is empty, goes backwards, or makes more than " + MAX_RECORDS + " records");
        }
        return new GenerateRange(first, last, step);
    }

    /** With {@code $} replaced by the value, and data in quotes, as BIND wants it where it has spaces, without them. */
    static String substitute(String template, long value) {
        StringBuilder made = new StringBuilder();
        for (int at = 0; at < template.length(); at++) {
            char c = template.charAt(at);
            if (c == '\\' && at + 1 < template.length()) {
                made.append(template.charAt(at + 1) == '$' ? "" : "\\").append(template.charAt(at + 1));
                at++;
            } else if (c == '$' && template.startsWith("$", at + 1)) {
                made.append('$');
                at++;
            } else if (c == '$' && template.startsWith("{", at + 1)) {
                Matcher modifier = MODIFIER.matcher(template).region(at + 1, template.length());
                if (!modifier.lookingAt()) {
                    throw new IllegalArgumentException("after $ there is no {OFFSET,WIDTH,BASE}");
                }
                made.append(formatted(value, modifier));
                at = modifier.end() - 1;
            } else {
                made.append(c == '$' ? String.valueOf(value) : String.valueOf(c));
            }
        }
        int quote = made.indexOf("\"");
        boolean quoted = quote >= 0 && made.indexOf("\"", quote + 1) == made.length() - 1;
        return quoted ? made.substring(0, quote) + made.substring(quote + 1, made.length() - 1) : made.toString();
    }

    private static String formatted(long value, Matcher modifier) {
        long number = value + Long.parseLong(modifier.group(1));
        int width = modifier.group(2) == null ? 0 : Integer.parseInt(modifier.group(2));
        String base = modifier.group(3) == null ? "d" : modifier.group(3);
        if (number < 0) {
            throw new IllegalArgumentException("the offset makes a number less than 0");
        }
        if (base.equalsIgnoreCase("n")) {
            return nibbles(number, width, base.equals("N"));
        }
        String digits = switch (base) {
            case "o" -> Long.toOctalString(number);
            case "x" -> Long.toHexString(number);
            case "X" -> Long.toHexString(number).toUpperCase(Locale.ROOT);
            default -> Long.toString(number);
        };
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    /** The hexadecimal digits as labels, the last first, as below ip6.arpa; the width counts the dots too. */
    private static String nibbles(long number, int width, boolean upper) {
        StringBuilder text = new StringBuilder();
        long left = number;
        do {
            text.append(text.isEmpty() ? "" : ".").append(Long.toHexString(left & 0xf));
            left >>>= 4;
        } while (left > 0 || text.length() < width - 1);
        return upper ? text.toString().toUpperCase(Locale.ROOT) : text.toString();
    }
}
