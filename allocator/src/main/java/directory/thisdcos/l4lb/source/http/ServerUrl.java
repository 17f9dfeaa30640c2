package directory.thisdcos.l4lb.source.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a server is. Its text never shows the user and password that it may have.
 *
 * @param base scheme, host, port and path without a slash at its end; no user, query or fragment
 * @param login user and password out of {@code https://USER:PASSWORD@HOST/}
 */
public record ServerUrl(URI base, Optional<BasicLogin> login) {

    /**
     * Reads {@code http://HOST[:PORT][/PATH]} or {@code https://…}.
     *
     * @throws IllegalArgumentException with one line that names the fix and shows no password
     */
    public static ServerUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + withoutUser(text) + "' is no URL; write http://HOST:PORT");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "'" + withoutUser(text) + "' does not begin with http:// or https://; write http://HOST:PORT");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("'" + withoutUser(text) + "' has no valid host; write http://HOST:PORT");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("'" + withoutUser(text) + "' has a query or fragment; leave it out");
        }
        return new ServerUrl(
                base(scheme, uri),
                Optional.ofNullable(uri.getUserInfo())
                        .filter(info -> !info.isEmpty())
                        .map(BasicLogin::ofUserInfo));
    }

    /** The URLs of one cluster, separated by commas; at least one. */
    public static List<ServerUrl> parseList(String text) {
        List<ServerUrl> urls = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ServerUrl url = parse(part);
            if (urls.stream().noneMatch(known -> known.base.equals(url.base))) {
                urls.add(url);
            }
        }
        return List.copyOf(urls);
    }

    /** The same server with a path and query below its own path; {@code relative} begins with a slash. */
    URI at(String relative) {
        return URI.create(base + relative);
    }

    /** Text of a URI that may have come from anywhere, without its user, query and fragment. */
    static String shown(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + path;
    }

    private static URI base(String scheme, URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return URI.create(scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port + path.substring(0, end));
    }

    private static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        return at < 0 ? text : (scheme < 0 ? "" : text.substring(0, scheme + 3)) + text.substring(at + 1);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
