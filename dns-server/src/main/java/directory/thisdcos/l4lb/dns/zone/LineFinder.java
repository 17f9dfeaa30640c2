package directory.thisdcos.l4lb.dns.zone;

import directory.thisdcos.l4lb.dns.wire.Name;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xbill.DNS.Master;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Finds the line of a record by reading the file once more: the parser does not tell lines of records that it likes. */
final class LineFinder {

    private LineFinder() {}

    /** The line on which the record ends, the {@code occurrence}th of its name and type; 0 if it is not found. */
    static int find(Path file, org.xbill.DNS.Name origin, Name name, int type, int occurrence) {
        try (LineCounter lines = new LineCounter(Files.newInputStream(file));
                Master master = new Master(lines, origin)) {
            int seen = 0;
            for (Record record = master.nextRecord(); record != null; record = master.nextRecord()) {
                boolean same = record.getType() == type
                        && Name.ofWire(record.toWire(Section.ANSWER), 0).equals(name);
                seen += same ? 1 : 0;
                if (seen == occurrence) {
                    return lines.ended;
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // The file has changed since, or includes another one: the reason is told without a line.
            return 0;
        }
        return 0;
    }

    /** The parser takes octet after octet from a buffered stream, so line ends are seen when it sees them. */
    @SuppressWarnings("InputStreamSlowMultibyteRead") // it is read octet by octet
    private static final class LineCounter extends BufferedInputStream {
        private int ended;

        LineCounter(InputStream in) {
            super(in);
        }

        @Override
        public synchronized int read() throws IOException {
            int octet = super.read();
            ended += octet == '\n' ? 1 : 0;
            return octet;
        }
    }
}
