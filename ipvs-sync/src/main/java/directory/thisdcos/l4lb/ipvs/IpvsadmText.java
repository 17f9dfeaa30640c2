package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.Family;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table in the words of ipvsadm(8), as {@code ipvsadm -Sn} prints it and {@code ipvsadm -R} reads it.
 */
final class IpvsadmText {
    private static final Comparator<ServiceEntry> ORDER =
            Comparator.comparing(entry -> service(entry.service().id()));

    private IpvsadmText() {}

    static String table(Collection<ServiceEntry> entries) {
        StringBuilder text = new StringBuilder();
        entries.stream().sorted(ORDER).forEach(entry -> {
            text.append(of(new IpvsOp.AddService(entry.service()))).append('\n');
            entry.destinations()
                    .values()
                    .forEach(destination -> text.append(
                                    of(new IpvsOp.AddDestination(entry.service().id(), destination)))
                            .append('\n'));
        });
        return text.toString();
    }

    static String operations(Collection<IpvsOp> operations) {
        return operations.stream().map(operation -> of(operation) + "\n").collect(Collectors.joining());
    }

    static String of(IpvsOp operation) {
        if (operation instanceof IpvsOp.AddService add) {
            return "-A " + service(add.id()) + options(add.service());
        } else if (operation instanceof IpvsOp.SetService set) {
            return "-E " + service(set.id()) + options(set.service());
        } else if (operation instanceof IpvsOp.RemoveService) {
            return "-D " + service(operation.id());
        } else if (operation instanceof IpvsOp.AddDestination add) {
            return "-a " + service(add.id()) + destination(add.destination());
        } else if (operation instanceof IpvsOp.SetDestination set) {
            return "-e " + service(set.id()) + destination(set.destination());
        } else if (operation instanceof IpvsOp.RemoveDestination remove) {
            return "-d " + service(remove.id()) + " -r " + remove.address();
        }
        throw new AssertionError("an operation without words: " + operation);
    }

    private static String options(KernelService service) {
        StringBuilder text = new StringBuilder(" -s " + service.scheduler());
        if (service.has(KernelService.PERSISTENT)) {
            text.append(" -p ").append(service.timeoutSeconds());
        }
        if (service.has(KernelService.ONE_PACKET)) {
            text.append(" -o");
        }
        List<String> flags =
                service.flagNames().stream().filter(flag -> !flag.equals("ops")).toList();
        return flags.isEmpty() ? text.toString() : text + " -b " + String.join(",", flags);
    }

    private static String destination(KernelDestination destination) {
        return " -r " + destination.address() + " " + destination.forwarding().option() + " -w " + destination.weight()
                + (destination.upperThreshold() == 0 ? "" : " -x " + destination.upperThreshold())
                + (destination.lowerThreshold() == 0 ? "" : " -y " + destination.lowerThreshold())
                + (destination.forwarding() == Forwarding.TUNNEL
                        ? destination.tunnel().words()
                        : "");
    }

    private static String service(ServiceId id) {
        if (id instanceof ServiceId.Mark mark) {
            return "-f " + Integer.toUnsignedString(mark.mark()) + (mark.family() == Family.V6 ? " -6" : "");
        }
        ServiceId.Address address = (ServiceId.Address) id;
        return protocol(address.protocol()) + " " + new Endpoint(address.ip(), address.port());
    }

    private static String protocol(int number) {
        return switch (number) {
            case 6 -> "-t";
            case 17 -> "-u";
            case 132 -> "--sctp-service";
            default -> throw new IllegalArgumentException("ipvsadm has no option for protocol " + number);
        };
    }
}
