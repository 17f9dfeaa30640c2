package directory.thisdcos.l4lb.dns.zone;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Reads the records of a master file: RFC 1035 §5, {@code $TTL} of RFC 2308 §4, {@code \#} of RFC 3597 §5, and BIND's
 * {@code $GENERATE}. dnsjava reads the data of each record; what stands around it is read here, because dnsjava takes a
 * relative {@code $ORIGIN} for an absolute one, octets over 127 for Latin letters, and does not say on which line a record is.
 */
final class MasterFile {
    /** RFC 2181 §8: 31 bits; what is more counts as 0. */
    private static final long MAX_TTL = 0x7fff_ffffL;

    private static final long MAX_NUMBER = 0xffff_ffffL;
    private static final int MAX_INCLUDES = 16;
    private static final int UNKNOWN = -1;
    /** Where in the one record the parser of its data was: it does not know the file. */
    private static final Pattern TEXT_AND_LINE = Pattern.compile("^[^:]*:\\d+: ");

    /** Takes one record after the other. */
    interface Sink {
        /** @param place file and line */
        void add(Record record, Place place) throws IOException;
    }

    /** Where a record begins. */
    record Place(Path file, int line) {
        IOException fault(String reason) {
            return new IOException(this + ": " + reason);
        }

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    private final Sink sink;
    private final Consumer<Path> opened;
    private long defaultTtl = UNKNOWN;
    private long lastTtl = UNKNOWN;
    private @Nullable Name owner;

    /** @param opened is told of each file before it is read: this one, and those that it includes */
    MasterFile(Sink sink, Consumer<Path> opened) {
        this.sink = sink;
        this.opened = opened;
    }

    void read(Path file, Name origin) throws IOException {
        read(file, origin, 0);
    }

    private void read(Path file, Name first, int depth) throws IOException {
        opened.accept(file);
        Name origin = first;
        try (MasterLexer lexer = new MasterLexer(file)) {
            for (MasterEntry entry = lexer.next(); entry != null; entry = lexer.next()) {
                Place place = new Place(file, entry.line());
                MasterEntry.Fields fields = entry.fields();
                if (entry.ownerless() || !fields.peek().startsWith("$")) {
                    if (!entry.ownerless()) {
                        owner = name(fields.next(), origin, place);
                    }
                    record(fields, origin, place);
                    continue;
                }
                String directive = fields.next().toUpperCase(Locale.ROOT);
                switch (directive) {
                    case "$ORIGIN" -> origin = name(fields.next(), origin, place);
                    case "$TTL" -> {
                        defaultTtl = ttl(fields.next());
                        if (defaultTtl == UNKNOWN) {
                            throw place.fault("$TTL wants a time to live, such as 300 or 1h30m");
                        }
                    }
                    case "$INCLUDE" -> include(fields, origin, place, depth);
                    case "$GENERATE" -> generate(fields, origin, place);
                    default ->
                        throw place.fault(directive + " is not known; $ORIGIN, $TTL, $INCLUDE and $GENERATE are");
                }
                if (!fields.isEmpty()) {
                    throw place.fault("'" + fields.rest() + "' is too much after " + directive);
                }
            }
        }
    }

    /** RFC 1035 §5.1: a relative file name is one beside this file; origin and owner are as before afterwards. */
    private void include(MasterEntry.Fields fields, Name origin, Place place, int depth) throws IOException {
        String text = fields.next();
        String unquoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        if (unquoted.isEmpty()) {
            throw place.fault("$INCLUDE wants a file name");
        }
        if (depth == MAX_INCLUDES) {
            throw place.fault("files include each other more than " + MAX_INCLUDES + " deep");
        }
        Name first = fields.isEmpty() ? origin : name(fields.next(), origin, place);
        Name before = owner;
        Path file = place.file().resolveSibling(unquoted);
        try {
            read(file, first, depth + 1);
        } catch (NoSuchFileException e) {
            throw new IOException(place + ": there is no file " + file, e);
        }
        owner = before;
    }

    private void generate(MasterEntry.Fields fields, Name origin, Place place) throws IOException {
        GenerateRange range;
        try {
            range = GenerateRange.parse(fields.next());
        } catch (IllegalArgumentException e) {
            throw place.fault(e.getMessage() == null ? "$GENERATE is wrong" : e.getMessage());
        }
        String template = fields.rest();
        for (long value = range.first(); value <= range.last(); value += range.step()) {
            MasterEntry.Fields made;
            try {
                made = new MasterEntry.Fields(GenerateRange.substitute(template, value));
            } catch (IllegalArgumentException e) {
                throw place.fault("$GENERATE: " + e.getMessage());
            }
            owner = name(made.next(), origin, place);
            record(made, origin, place);
        }
        while (!fields.isEmpty()) {
            fields.next();
        }
    }

    private void record(MasterEntry.Fields fields, Name origin, Place place) throws IOException {
        long ttl = UNKNOWN;
        int dclass = UNKNOWN;
        while (true) {
            String field = fields.peek();
            if (ttl == UNKNOWN && ttl(field) != UNKNOWN) {
                ttl = ttl(field);
            } else if (dclass == UNKNOWN && DClass.value(field) != UNKNOWN) {
                dclass = DClass.value(field);
            } else {
                break;
            }
            fields.next();
        }
        int type = type(fields.next(), place);
        Name name = owner;
        if (name == null) {
            throw place.fault("the first record has no owner");
        }
        if (dclass != UNKNOWN && dclass != DClass.IN) {
            throw place.fault("class " + DClass.string(dclass) + "; zones of class IN are served");
        }
        Record record = parse(name, type, lifetime(ttl, type), fields.rest(), origin, place);
        if (ttl == UNKNOWN && defaultTtl == UNKNOWN && lastTtl == UNKNOWN) {
            // As BIND: a SOA without any TTL gives its MINIMUM to itself and to all that state none.
            defaultTtl = ((SOARecord) record).getMinimum();
            record = parse(name, type, defaultTtl, fields.rest(), origin, place);
        }
        sink.add(record, place);
    }

    /** The TTL that a record has: RFC 2308 §4, or else RFC 1035 §5.1: that of the record before. */
    private long lifetime(long stated, int type) {
        if (stated != UNKNOWN) {
            lastTtl = stated;
            return stated;
        }
        long ttl = defaultTtl != UNKNOWN ? defaultTtl : lastTtl;
        return ttl == UNKNOWN && type == Type.SOA ? 0 : ttl;
    }

    private static Record parse(Name name, int type, long ttl, String data, Name origin, Place place)
            throws IOException {
        if (ttl == UNKNOWN) {
            throw place.fault("no TTL: neither here nor before, nor a $TTL");
        }
        try {
            return RareTypes.has(type, data)
                    ? Record.newRecord(name, type, DClass.IN, ttl, RareTypes.parse(type, data, origin))
                    : Record.fromString(name, type, DClass.IN, ttl, data, origin);
        } catch (IOException | IllegalArgumentException e) {
            String reason =
                    TEXT_AND_LINE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
            throw new IOException(place + ": data of a record of type " + Type.string(type) + ": " + reason, e);
        }
    }

    private static int type(String text, Place place) throws IOException {
        int type = text.isEmpty() ? UNKNOWN : Math.max(Type.value(text), RareTypes.number(text));
        if (type == UNKNOWN) {
            throw place.fault(text.isEmpty() ? "no type" : "'" + text + "' is no type");
        }
        // RFC 6895 §3.1: what is only asked for, or only stands in messages.
        if (type == 0 || type == Type.OPT || (type >= 128 && type <= 255)) {
            throw place.fault("type " + text + " cannot stand in a zone");
        }
        return type;
    }

    private static Name name(String text, Name origin, Place place) throws IOException {
        if (text.isEmpty()) {
            throw place.fault("no name");
        }
        try {
            return Name.fromString(text, origin);
        } catch (TextParseException e) {
            throw new IOException(place + ": " + e.getMessage(), e);
        }
    }

    /** Seconds, from digits and the units s, m, h, d and w; {@code UNKNOWN} if the text is none. */
    private static long ttl(String text) {
        long total = 0;
        long number = 0;
        boolean digits = false;
        if (text.isEmpty() || !isDigit(text.charAt(0))) {
            return UNKNOWN;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isDigit(c)) {
                number = number * 10 + c - '0';
                digits = true;
            } else {
                int unit = "smhdw".indexOf(Character.toLowerCase(c));
                if (unit < 0 || !digits) {
                    return UNKNOWN;
                }
                total += number * new long[] {1, 60, 3_600, 86_400, 604_800}[unit];
                number = 0;
                digits = false;
            }
            if (number > MAX_NUMBER || total > MAX_NUMBER) {
                return UNKNOWN;
            }
        }
        total += number;
        return total > MAX_NUMBER ? UNKNOWN : total > MAX_TTL ? 0 : total;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
