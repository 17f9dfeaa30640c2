package directory.thisdcos.l4lb.dns.zone;

/**
 * A record or a directive of a master file.
 *
 * @param line on which it begins, from 1
 * @param ownerless begins with white space: the owner is that of the record before (RFC 1035 §5.1)
 * @param text on one line, without comments and parentheses; octets over 127 as {@code \DDD}
 */
record MasterEntry(int line, boolean ownerless, String text) {

    /** What is left of a text from which fields are taken one after the other. */
    static final class Fields {
        private final String text;
        private int at;

        Fields(String text) {
            this.text = text;
            skipSpace();
        }

        boolean isEmpty() {
            return at == text.length();
        }

        /** The next field, empty at the end. An escaped space does not end it. */
        String next() {
            int from = at;
            while (at < text.length() && !isSpace(text.charAt(at))) {
                at += text.charAt(at) == '\\' && at + 1 < text.length() ? 2 : 1;
            }
            String field = text.substring(from, at);
            skipSpace();
            return field;
        }

        /** The next field, which stays. */
        String peek() {
            int before = at;
            String field = next();
            at = before;
            return field;
        }

        String rest() {
            return text.substring(at);
        }

        private void skipSpace() {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t' || c == '\r';
        }
    }

    Fields fields() {
        return new Fields(text);
    }
}
