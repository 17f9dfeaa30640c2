package directory.thisdcos.l4lb.admin;

import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A strong entity tag (RFC 9110 §8.8.3). */
record EntityTag(String text) {

    static EntityTag of(long... parts) {
        StringBuilder text = new StringBuilder("\"");
        for (long part : parts) {
            text.append(text.length() > 1 ? "-" : "").append(Long.toHexString(part));
        }
        return new EntityTag(text.append('"').toString());
    }

    /** Of a representation. */
    static EntityTag of(byte[] body) {
        try {
            return of(ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(body))
                    .getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Sets the header; true if the client has this version already, and 304 is the answer. */
    boolean isKnownTo(Context context) {
        context.header("ETag", text);
        String known = context.header("If-None-Match");
        if (known == null || !isIn(known)) {
            return false;
        }
        context.status(304);
        return true;
    }

    /** Whether a header lists it; by weak comparison, since a proxy that compresses weakens the tag. */
    boolean isIn(String header) {
        return Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .anyMatch(tag -> tag.equals("*") || tag.equals(text));
    }
}
