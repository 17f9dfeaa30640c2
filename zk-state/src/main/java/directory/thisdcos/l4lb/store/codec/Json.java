package directory.thisdcos.l4lb.store.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Opens JSON streams, compressed or not, and puts the limits on them. */
final class Json {

    /** Longest text of one field, in UTF-16 units; in both directions. */
    static final int MAX_STRING = 64 * 1024;

    private static final int MAX_DEPTH = 16;
    private static final int GZIP_BUFFER_BYTES = 16 * 1024;

    // Escapes keep labels with lone surrogates, which Marathon's JSON may hold and UTF-8 cannot, exactly as they are.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(MAX_STRING)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private Json() {}

    /** Writes one document. */
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Reads one document. */
    interface Parse<T> {
        T read(JsonParser json) throws IOException;
    }

    /** Writes many documents, one on each line, and leaves {@code out} open. */
    static void lines(OutputStream out, Body body) throws IOException {
        write(out, json -> {
            json.setRootValueSeparator(new SerializedString("\n"));
            body.write(json);
            json.writeRaw('\n');
        });
    }

    static byte[] plain(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, body);
        return bytes.toByteArray();
    }

    static byte[] gzip(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        gzip(bytes, body);
        return bytes.toByteArray();
    }

    /** A document as text, in ASCII. */
    static String text(Body body) throws IOException {
        return new String(plain(body), StandardCharsets.US_ASCII);
    }

    static byte[] gzip(byte[] octets) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new FastGzip(bytes)) {
            zipped.write(octets);
        }
        return bytes.toByteArray();
    }

    /** @param maxBytes limit on what comes out */
    /** Writes a compressed document and leaves {@code out} open. */
    static void gzip(OutputStream out, Body body) throws IOException {
        GZIPOutputStream zipped = new FastGzip(out);
        write(zipped, body);
        zipped.finish();
    }

    private static void write(OutputStream out, Body body) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            body.write(json);
        }
    }

    static <T> T readPlain(InputStream in, long maxBytes, Parse<T> parse) throws IOException {
        try (JsonParser json = FACTORY.createParser(new LimitedInput(in, maxBytes))) {
            json.nextToken();
            T value = parse.read(json);
            if (json.nextToken() != null) {
                throw new BadRecordException("more text after the end of the record");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new BadRecordException("malformed JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            // The model's own checks: a port out of range, a name outside the zone, and so on.
            throw new BadRecordException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Reads many documents; {@code parse} begins before the first token. */
    static <T> T readLines(InputStream in, long maxBytes, Parse<T> parse) throws IOException {
        try (JsonParser json = FACTORY.createParser(new LimitedInput(in, maxBytes))) {
            return parse.read(json);
        }
    }

    /** @param maxBytes limit on the document once it is decompressed */
    static <T> T readGzip(InputStream in, long maxBytes, Parse<T> parse) throws IOException {
        return readPlain(new GZIPInputStream(in, GZIP_BUFFER_BYTES), maxBytes, parse);
    }

    /** Level 1 costs a third of the default's time for about a tenth more bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
