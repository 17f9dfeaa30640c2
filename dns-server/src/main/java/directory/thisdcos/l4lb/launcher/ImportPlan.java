package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be reserved, and what cannot be, by name with the reason.
 *
 * @param entries sorted by name
 */
record ImportPlan(List<Entry> entries, SortedMap<String, String> conflicts) {

    /** A name and its addresses there; without an IPv4 address it gets the one that its name gives. */
    record Entry(ServiceName name, Optional<Ip> address, Optional<Ip> address6) {

        List<Ip> addresses() {
            return List.of(address, address6).stream().flatMap(Optional::stream).toList();
        }
    }

    static ImportPlan of(DcosNetVips vips, Map<DnsSweep.Question, DnsSweep.Found> found) {
        ImportPlan plan = new ImportPlan(new ArrayList<>(), new TreeMap<>(vips.unusable()));
        vips.withBackends().forEach((name, families) -> plan.add(name, families, found));
        plan.refuseShared();
        return plan;
    }

    /** The questions whose answers a plan needs. */
    static List<DnsSweep.Question> questions(DcosNetVips vips) {
        List<DnsSweep.Question> questions = new ArrayList<>();
        vips.withBackends()
                .forEach((name, families) ->
                        families.forEach(family -> questions.add(new DnsSweep.Question(name, family))));
        return questions;
    }

    private void add(ServiceName name, Set<Family> families, Map<DnsSweep.Question, DnsSweep.Found> found) {
        Map<Family, Ip> addresses = new HashMap<>();
        for (Family family : families) {
            DnsSweep.Found answer = found.getOrDefault(
                    new DnsSweep.Question(name, family), new DnsSweep.Found(List.of(), "its DNS was not asked"));
            if (answer.addresses().size() != 1) {
                conflicts.put(
                        name.fqdn(),
                        answer.addresses().isEmpty()
                                ? answer.problem()
                                : "it has several addresses there, " + answer.addresses()
                                        + ", since several labels give this name; reserve one of them: PUT"
                                        + " /v1/allocations/" + name.prefix());
                return;
            }
            addresses.put(family, answer.addresses().get(0));
        }
        entries.add(new Entry(
                name, Optional.ofNullable(addresses.get(Family.V4)), Optional.ofNullable(addresses.get(Family.V6))));
    }

    /** dcos-net's nodes resolve collisions each by itself, so two names may have one address. */
    private void refuseShared() {
        Map<Ip, List<Entry>> users = new HashMap<>();
        entries.forEach(entry -> entry.addresses()
                .forEach(ip ->
                        users.computeIfAbsent(ip, absent -> new ArrayList<>(1)).add(entry)));
        users.forEach((ip, sharing) -> {
            if (sharing.size() > 1) {
                List<ServiceName> names = sharing.stream().map(Entry::name).toList();
                sharing.forEach(entry -> conflicts.put(
                        entry.name().fqdn(),
                        ip + " is the address of several names there, " + names + "; its nodes disagree, see what each"
                                + " of them answers, and reserve one name by hand"));
                entries.removeAll(sharing);
            }
        });
    }
}
