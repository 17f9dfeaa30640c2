package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.InvalidVipException;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Builds states step by step. */
final class States {
    private State state = State.EMPTY.fold(List.of(new Change.PoolsPut(Pools.DEFAULT)));

    static States of(State state) {
        States states = new States();
        states.state = state;
        return states;
    }

    static ServiceName name(String label) {
        try {
            return ServiceName.of(label, "marathon");
        } catch (InvalidVipException e) {
            throw new AssertionError(e);
        }
    }

    static Backend backend(String address, int weight) {
        return new Backend(Endpoint.parse(address), Optional.empty(), weight, Health.HEALTHY, "", "", "task", "test");
    }

    States with(Change change) {
        state = state.fold(List.of(change));
        return this;
    }

    /** A name with addresses, without services. */
    States name(String label, String ip, String... ip6) {
        Optional<Ip> six = ip6.length == 0 ? Optional.empty() : Optional.of(Ip.of(ip6[0]));
        return with(new Change.AllocationPut(
                new Allocation(name(label), Ip.of(ip), six, Allocation.Status.ALLOCATED, 0, "test")));
    }

    States service(Target target, Protocol protocol, int port, String... backends) {
        ServiceKey key = new ServiceKey(target, protocol, port);
        with(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), 0)));
        for (String address : backends) {
            with(new Change.BackendPut(key, backend(address, 1)));
        }
        return this;
    }

    /** The same with options. */
    States service(Target target, Protocol protocol, int port, Balancing balancing, String... backends) {
        service(target, protocol, port, backends);
        ServiceKey key = new ServiceKey(target, protocol, port);
        return with(new Change.ServicePut(key, new ServiceSpec(balancing, List.of(), 0)));
    }

    States tcp(String label, int port, String... backends) {
        return service(name(label), Protocol.TCP, port, backends);
    }

    States fixed(String ip, int port, String... backends) {
        return service(new FixedAddress(Ip.of(ip)), Protocol.TCP, port, backends);
    }

    State build() {
        return state;
    }

    /** A random small table over a small set of names, so that successive ones overlap. */
    static State random(Random random) {
        return random(random, 12);
    }

    /** The first nine targets are names, the rest fixed addresses. */
    static State random(Random random, int targets) {
        States states = new States();
        for (int i = 0; i < targets; i++) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            boolean six = random.nextBoolean();
            boolean marked = random.nextInt(3) == 0;
            Target target = i < 9 ? name("n" + i) : new FixedAddress(Ip.of("3.3.0." + i));
            if (i < 9) {
                states.name("n" + i, "11.0.0." + (i + 1), six ? new String[] {"fd01:c::" + (i + 1)} : new String[0]);
            }
            for (int port = 80; port < 80 + random.nextInt(3); port++) {
                Protocol protocol = random.nextInt(4) == 0 ? Protocol.UDP : Protocol.TCP;
                boolean isMarked = marked && random.nextInt(3) > 0;
                Balancing balancing = isMarked
                        ? Balancing.DEFAULT.withFwmark(100 + i).withPersistence(random.nextInt(2) * 60)
                        : Balancing.DEFAULT;
                states.service(target, protocol, port, balancing);
                ServiceKey key = new ServiceKey(target, protocol, port);
                int backendPort = isMarked && random.nextInt(4) > 0 ? port : 8080;
                for (int b = random.nextInt(6); b > 0; b--) {
                    int host = 2 + random.nextInt(4);
                    String address = six && random.nextInt(3) == 0 ? "[fd02::" + host + "]:" : "10.1.0." + host + ":";
                    states.with(new Change.BackendPut(key, backend(address + backendPort, random.nextInt(3))));
                }
            }
        }
        return states.build();
    }

    /** Some of the names, for tests that need many. */
    static State many(int services, int backends) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.PoolsPut(Pools.DEFAULT));
        for (int i = 0; i < services; i++) {
            ServiceName name = name("s" + i);
            changes.add(new Change.AllocationPut(new Allocation(
                    name, Ip.v4(0x0b000001 + i), Optional.empty(), Allocation.Status.ALLOCATED, 0, "test")));
            ServiceKey key = new ServiceKey(name, Protocol.TCP, 80);
            changes.add(new Change.ServicePut(key, new ServiceSpec(Scheduler.WLC, List.of(), 0)));
            for (int b = 0; b < backends; b++) {
                changes.add(new Change.BackendPut(key, backend("10.1.0." + (2 + b) + ":8080", 1)));
            }
        }
        return State.EMPTY.fold(changes);
    }
}
