package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** The names under which clients know the addresses of a table. */
record ServiceNames(State state) {
    private static final String ZONE = "." + ServiceName.ZONE;

    /** {@code web.marathon.l4lb.thisdcos.directory:80}, or the address of a claim; empty for what is not in the table. */
    String of(ServiceId.Address id) {
        Ip ip = id.ip();
        return state.holder(ip)
                .map(name -> name.text() + ":" + id.port())
                .orElseGet(() -> state.isClaimed(ip) ? ip + ":" + id.port() : "");
    }

    /** The same for the places of a service: a name with all their ports, {@code web.marathon…:80,443}. */
    String of(SortedSet<ServiceId.Address> places) {
        String name = places.isEmpty() ? "" : of(places.first());
        return name.isEmpty()
                ? name
                : name.substring(0, name.lastIndexOf(':') + 1)
                        + places.stream()
                                .map(place -> Integer.toString(place.port()))
                                .distinct()
                                .collect(Collectors.joining(","));
    }

    /** Whether a service is meant by a name or address, each with or without port, a name also without the zone. */
    boolean isMeant(ServiceId.Address id, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        String name = of(id);
        String port = ":" + id.port();
        String host = name.endsWith(port) ? name.substring(0, name.length() - port.length()) : name;
        String shortName = host.endsWith(ZONE) ? host.substring(0, host.length() - ZONE.length()) : host;
        String address = id.ip().toString();
        return wanted.isEmpty()
                || wanted.equals(name)
                || wanted.equals(host)
                || wanted.equals(shortName)
                || wanted.equals(shortName + port)
                || wanted.equals(address)
                || wanted.equals(id.toString())
                || id.toString().startsWith(wanted + "/");
    }
}
