package directory.thisdcos.l4lb.source.marathon;

import directory.thisdcos.l4lb.source.VipLabel;
import java.util.List;
import java.util.OptionalInt;

/**
 * A port of an app, or an endpoint of a pod.
 *
 * @param place where it is declared, for problems
 * @param group which tasks have it: {@code CONTAINER/ENDPOINT} in a pod, empty in an app
 * @param name its name; empty if it has none
 * @param containerPort its number within the container; empty with host networking
 * @param hostIndex its place in a task's {@code ports}; empty if it has no port on the host
 * @param hostPort its number on the host where the app fixes it; empty if a task decides
 */
record AppPort(
        String place,
        String group,
        String name,
        OptionalInt containerPort,
        OptionalInt hostIndex,
        OptionalInt hostPort,
        List<VipLabel> vips) {

    AppPort {
        vips = List.copyOf(vips);
    }

    boolean isOnHost() {
        return hostIndex.isPresent();
    }

    AppPort withVips(List<VipLabel> other) {
        return new AppPort(place, group, name, containerPort, hostIndex, hostPort, other);
    }

    /** What a person calls it. */
    String title() {
        return name.isEmpty() ? place : name;
    }
}
