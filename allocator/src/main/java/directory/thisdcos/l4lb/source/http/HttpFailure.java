package directory.thisdcos.l4lb.source.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.MalformedChunkCodingException;

/** Why a server gave no usable answer. The message is one line without secrets. */
public final class HttpFailure extends IOException {
    private static final long serialVersionUID = 1;

    /** A label of metrics, so the list is short. */
    public enum Reason {
        UNRESOLVED,
        CONNECT,
        TLS,
        TIMEOUT,
        /** The connection ended before the answer did. */
        CUT,
        /** 401 or 403. */
        REFUSED,
        /** The credentials could not be had: a login failed. */
        LOGIN,
        /** Any other status that is no success. */
        STATUS,
        REDIRECT,
        TOO_LARGE,
        /** The answer is no HTTP, or its body is not what was asked for. */
        MALFORMED;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Reason reason;
    private final int status;

    public HttpFailure(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.status = 0;
    }

    public HttpFailure(Reason reason, String message) {
        this(reason, 0, message);
    }

    HttpFailure(Reason reason, int status, String message) {
        super(message);
        this.reason = reason;
        this.status = status;
    }

    /** Classifies what a socket or a parser threw. */
    static HttpFailure of(String server, IOException e) {
        if (e instanceof HttpFailure failure) {
            return failure;
        }
        Reason reason = reason(e);
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : oneLine(e.getMessage());
        if (detail.contains("PKIX path building failed")) {
            detail = "no authority known here signed its certificate; give the file of the one that did (--source-ca)";
        }
        return new HttpFailure(reason, server + ": " + reason.text() + ": " + detail, e);
    }

    private static Reason reason(IOException e) {
        if (e instanceof UnknownHostException) {
            return Reason.UNRESOLVED;
        }
        if (e instanceof SocketTimeoutException || e instanceof InterruptedIOException) {
            return Reason.TIMEOUT;
        }
        if (e instanceof SSLException) {
            return Reason.TLS;
        }
        if (e instanceof MalformedChunkCodingException || e instanceof ConnectionClosedException) {
            return Reason.CUT;
        }
        if (e instanceof java.net.ConnectException || e instanceof java.net.NoRouteToHostException) {
            return Reason.CONNECT;
        }
        boolean protocol = e.getClass().getName().startsWith("org.apache.hc.");
        return protocol && !(e instanceof org.apache.hc.core5.http.NoHttpResponseException)
                ? Reason.MALFORMED
                : Reason.CUT;
    }

    static String oneLine(String text) {
        String line = text.replaceAll("[\\p{Cntrl}]+", " ").strip();
        return line.length() <= 200 ? line : line.substring(0, 197) + "...";
    }

    public Reason reason() {
        return reason;
    }

    /** The HTTP status; 0 if there was none. */
    public int status() {
        return status;
    }
}
