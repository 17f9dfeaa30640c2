package directory.thisdcos.l4lb.source.marathon.live;

import directory.thisdcos.l4lb.source.http.ServerUrl;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How one Marathon is read.
 *
 * @param urls its members, or a proxy before them; at least one
 * @param resync how often everything is read anew although the events came
 * @param silence how long the stream of events may be silent; Marathon sends an empty line every 10 s
 */
public record MarathonSettings(List<ServerUrl> urls, Duration resync, Duration silence) {

    private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(30);

    public MarathonSettings {
        urls = List.copyOf(urls);
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no URL");
        }
    }

    public MarathonSettings(List<ServerUrl> urls, Duration resync) {
        this(urls, resync, DEFAULT_SILENCE);
    }

    /** Whether both name a server in common. */
    public boolean overlaps(MarathonSettings other) {
        return urls.stream()
                .anyMatch(
                        url -> other.urls.stream().anyMatch(that -> that.base().equals(url.base())));
    }

    /** {@code marathon:URL,URL}, without passwords. */
    public String id() {
        return "marathon:" + urls.stream().map(ServerUrl::toString).collect(Collectors.joining(","));
    }
}
