package directory.thisdcos.l4lb.source.api;

import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.Target;
import directory.thisdcos.l4lb.model.VipValue;
import java.util.Locale;
import java.util.Optional;

/**
 * How a request names a virtual service: {@code NAME.FRAMEWORK:PORT}, with or without the zone after it, or a fixed
 * {@code ADDRESS:PORT} or {@code [IPV6]:PORT}.
 */
public final class ServicePath {
    private static final String SUFFIX = "." + ServiceName.ZONE;

    private ServicePath() {}

    /**
     * Parses the name and, if given, the protocol ({@code tcp}, {@code udp}, {@code sctp}); TCP otherwise.
     *
     * @throws InvalidDocumentException with the fix
     */
    public static ServiceKey parse(String text, Optional<String> protocol) throws InvalidDocumentException {
        Optional<Protocol> parsed = protocol.isEmpty() ? Optional.of(Protocol.TCP) : Protocol.parse(protocol.get());
        if (parsed.isEmpty()) {
            throw new InvalidDocumentException(
                    "protocol", "'" + protocol.orElse("") + "' is no protocol; give tcp, udp or sctp");
        }
        try {
            VipValue value = VipValue.parse(text);
            return new ServiceKey(target(value), parsed.get(), value.port());
        } catch (InvalidVipException e) {
            throw new InvalidDocumentException("service", String.valueOf(e.getMessage()));
        }
    }

    private static Target target(VipValue value) throws InvalidVipException, InvalidDocumentException {
        if (value.fixed().isPresent()) {
            return new FixedAddress(value.fixed().get());
        }
        return name(value.host(), "service", ":PORT, such as my-db.marathon:5432");
    }

    /**
     * Parses {@code NAME.FRAMEWORK}, with or without the zone after it.
     *
     * @throws InvalidDocumentException with the fix
     */
    public static ServiceName name(String text) throws InvalidDocumentException {
        try {
            return name(text, "name", ", such as my-db.marathon");
        } catch (InvalidVipException e) {
            throw new InvalidDocumentException("name", String.valueOf(e.getMessage()));
        }
    }

    private static ServiceName name(String text, String field, String example)
            throws InvalidVipException, InvalidDocumentException {
        String host = text.toLowerCase(Locale.ROOT);
        String name = host.endsWith(SUFFIX) ? host.substring(0, host.length() - SUFFIX.length()) : host;
        int dot = name.lastIndexOf('.');
        if (dot <= 0) {
            throw new InvalidDocumentException(
                    field, "'" + text + "' names no framework; write NAME.FRAMEWORK" + example);
        }
        ServiceName parsed = ServiceName.of(name.substring(0, dot), name.substring(dot + 1));
        if (!parsed.prefix().equals(name)) {
            throw new InvalidDocumentException(
                    field, "'" + text + "' is no DNS name; the nearest is '" + parsed.prefix() + "'");
        }
        return parsed;
    }
}
