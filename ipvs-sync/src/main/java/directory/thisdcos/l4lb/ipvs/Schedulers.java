package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.netlink.Errno;
import directory.thisdcos.l4lb.runtime.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The schedulers that services use in the place of others: of those that this kernel lacks, and of mh beyond the limit. The kernel says so when a service asks for one (ENOENT, after it has tried to
 * load its module); such services are balanced by another until the module is loaded, so that no address is held back.
 * Runs on: whoever holds the engine's lock.
 */
final class Schedulers {
    private static final List<Scheduler> INSTEAD =
            List.of(Scheduler.WLC, Scheduler.RR, Scheduler.WRR, Scheduler.LC, Scheduler.SH);

    private final Path modules;
    private final MaglevLimit maglev;
    private final TreeSet<String> lacking = new TreeSet<>();

    /** @param modules /sys/module, in which the kernel shows what is loaded */
    Schedulers(Path modules, MaglevLimit maglev) {
        this.modules = modules;
        this.maglev = maglev;
    }

    /** Takes note of a refusal, which may mean that the kernel lacks a scheduler. */
    void note(IpvsOp operation, int errno) {
        KernelService service = operation instanceof IpvsOp.AddService add
                ? add.service()
                : operation instanceof IpvsOp.SetService set ? set.service() : null;
        if (errno == Errno.ENOENT && service != null && !service.scheduler().equals(KernelService.NO_SCHEDULER)) {
            lacking.add(service.scheduler());
        }
    }

    /** Takes note of who uses another than he asked for, for want of room. */
    void note(Collection<ServiceId> ids, Map<ServiceId, ServiceEntry> wanted, Map<ServiceId, ServiceEntry> possible) {
        // Whose module is missing waits for that.
        maglev.note(ids, lacking.contains(MaglevLimit.SCHEDULER) ? Map.of() : wanted, possible);
    }

    /** Those for which there may be room now. */
    Set<ServiceId> waiting() {
        return maglev.waiting();
    }

    /** Believes again in those whose module has been loaded since; whether there is one. */
    boolean look() {
        return lacking.removeIf(scheduler -> Files.isDirectory(modules.resolve("ip_vs_" + scheduler)));
    }

    /** What can be had of what is wanted. */
    Map<ServiceId, ServiceEntry> possible(Map<ServiceId, ServiceEntry> wanted, Map<ServiceId, ServiceEntry> kernel) {
        String other = instead();
        if (other.isEmpty()) {
            return wanted;
        }
        if (lacking.isEmpty()) {
            return maglev.possible(wanted, kernel, other);
        }
        Map<ServiceId, ServiceEntry> possible = new HashMap<>(wanted);
        possible.replaceAll((id, entry) -> lacking.contains(entry.service().scheduler())
                ? new ServiceEntry(entry.service().withScheduler(other), entry.destinations())
                : entry);
        return maglev.possible(possible, kernel, other);
    }

    private String instead() {
        return INSTEAD.stream()
                .map(Scheduler::text)
                .filter(scheduler -> !lacking.contains(scheduler))
                .findFirst()
                .orElse("");
    }

    /** One for each scheduler, whatever the number of services. */
    Stream<Problem> problems() {
        String other = instead();
        Stream<Problem> missing = lacking.stream()
                .map(scheduler -> new Problem(
                        "scheduler-missing",
                        "IPVS scheduler " + scheduler,
                        "this kernel has no scheduler " + scheduler + "; services that ask for it use "
                                + (other.isEmpty() ? "none" : other) + "; run: modprobe ip_vs_" + scheduler));
        return Stream.concat(missing, maglev.problem(other).stream());
    }
}
