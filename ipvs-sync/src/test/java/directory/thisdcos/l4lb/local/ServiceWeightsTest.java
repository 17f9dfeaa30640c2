package directory.thisdcos.l4lb.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Care;
import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Health;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Locality;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.VirtualService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ServiceWeightsTest {
    private static final Place HERE =
            Place.of(Set.of("me", "10.0.0.1"), Map.of("region", "r", "zone", "a", "rack", "1"));
    private static final Optional<Check> TCP = Optional.of(new Check(Check.Kind.TCP, "", 1000, 1000, 2, 3));

    private static Backend backend(String ip, int weight, String node, String zone) {
        return new Backend(
                new Endpoint(Ip.of(ip), 80),
                Optional.empty(),
                weight,
                Health.HEALTHY,
                node,
                zone,
                "",
                "task",
                "source");
    }

    private static VirtualService service(Care care, List<Backend> backends) {
        return VirtualService.of(
                new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, 80),
                new ServiceSpec(Balancing.DEFAULT.withCare(care), List.of(), 0),
                backends);
    }

    private static Care near(Locality locality) {
        return new Care(Optional.empty(), 0, locality);
    }

    /** Weights by address. */
    private static Map<String, Integer> weights(VirtualService service, Set<String> failing) {
        Map<String, Integer> weights = new TreeMap<>();
        ServiceWeights.of(
                        service,
                        HERE,
                        backend -> failing.contains(backend.address().ip().toString()),
                        backend -> ServiceWeights.STEPS)
                .backends()
                .forEach((address, backend) -> weights.put(address.ip().toString(), backend.weight()));
        return weights;
    }

    private static final List<Backend> SPREAD = List.of(
            backend("10.0.0.1", 1, "10.0.0.1", ""),
            backend("10.0.0.2", 2, "n2", "r/a/1"),
            backend("10.0.0.3", 3, "n3", "r/a/2"),
            backend("10.0.0.4", 4, "n4", "r/b/1"),
            backend("10.0.0.5", 5, "n5", "other/a/1"),
            backend("10.0.0.6", 6, "n6", ""));

    @Test
    void whoCaresForNothingChangesNothing() {
        VirtualService service = service(Care.NONE, SPREAD);
        assertSame(service, ServiceWeights.of(service, HERE, backend -> true, backend -> 1));
    }

    @Test
    void theNearestCircleThatIsNotEmptyCounts() {
        Map<String, Integer> mine = new TreeMap<>(
                Map.of("10.0.0.1", 1, "10.0.0.2", 0, "10.0.0.3", 0, "10.0.0.4", 0, "10.0.0.5", 0, "10.0.0.6", 0));
        assertEquals(mine, weights(service(near(Locality.NODE), SPREAD), Set.of()));
        Map<String, Integer> rack = new TreeMap<>(mine);
        rack.put("10.0.0.2", 2);
        assertEquals(rack, weights(service(near(Locality.RACK), SPREAD), Set.of()));
        Map<String, Integer> zone = new TreeMap<>(rack);
        zone.put("10.0.0.3", 3);
        assertEquals(zone, weights(service(near(Locality.ZONE), SPREAD), Set.of()));
    }

    @Test
    void itSpillsOutwards() {
        Care care = new Care(TCP, 0, Locality.NODE);
        assertEquals(Map.of(2, 2), only(care, "10.0.0.1"));
        assertEquals(Map.of(3, 3), only(care, "10.0.0.1", "10.0.0.2"));
        assertEquals(Map.of(4, 4, 5, 5, 6, 6), only(care, "10.0.0.1", "10.0.0.2", "10.0.0.3"));
    }

    /** The backends with a weight, by the last part of their address, when some fail. */
    private static Map<Integer, Integer> only(Care care, String... failing) {
        Map<Integer, Integer> some = new TreeMap<>();
        weights(service(care, SPREAD), Set.of(failing)).forEach((ip, weight) -> {
            if (weight > 0) {
                some.put(Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1)), weight);
            }
        });
        return some;
    }

    @Test
    void aNodeThatDoesNotKnowWhereItIsPrefersOnlyItself() {
        Place nowhere = Place.of(Set.of("me"), Map.of());
        VirtualService seen = ServiceWeights.of(
                service(near(Locality.ZONE), List.of(SPREAD.get(1), SPREAD.get(5))), nowhere, backend -> false, b -> 1);
        assertEquals(
                List.of(2, 6),
                seen.backends().values().stream().map(Backend::weight).toList());
    }

    @Test
    void aYoungBackendHasAPartOfItsWeight() {
        VirtualService service = service(new Care(Optional.empty(), 10, Locality.NONE), SPREAD.subList(0, 2));
        VirtualService seen = ServiceWeights.of(
                service, HERE, backend -> false, backend -> backend.node().equals("n2") ? 3 : ServiceWeights.STEPS);
        assertEquals(
                List.of(10, 6),
                seen.backends().values().stream().map(Backend::weight).toList());
    }

    /** Whatever fails and wherever they are: a service that has a server for a connection keeps one. */
    @Test
    void neverEmptiesAServiceAndNeverRevivesABackend() {
        Random random = new Random(11);
        String[] zones = {"", "r/a/1", "r/a/2", "r/b/1", "/a/1", "r/a", "x/y/z"};
        for (int round = 0; round < 20_000; round++) {
            List<Backend> backends = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                Backend backend = backend(
                        "10.0.0." + (1 + i), random.nextInt(3) * 7, "n" + i, zones[random.nextInt(zones.length)]);
                backends.add(
                        switch (random.nextInt(5)) {
                            case 0 -> backend.with(Health.UNHEALTHY);
                            case 1 -> backend.with(Health.UNREACHABLE);
                            default -> backend;
                        });
            }
            Set<Endpoint> failing = new HashSet<>();
            backends.stream().filter(b -> random.nextInt(3) == 0).forEach(b -> failing.add(b.address()));
            Care care = new Care(
                    random.nextBoolean() ? TCP : Optional.empty(),
                    random.nextInt(2) * 30,
                    List.of(Locality.values()).get(random.nextInt(4)));
            int step = 1 + random.nextInt(ServiceWeights.STEPS);
            VirtualService service = service(care, backends);
            VirtualService seen = ServiceWeights.of(service, HERE, b -> failing.contains(b.address()), b -> step);
            assertEquals(service.backends().keySet(), seen.backends().keySet());
            boolean hasServer = backends.stream()
                    .anyMatch(b -> b.share() > 0 && !(care.check().isPresent() && failing.contains(b.address())));
            assertEquals(hasServer, seen.backends().values().stream().anyMatch(b -> b.share() > 0));
            seen.backends().forEach((address, b) -> {
                Backend before =
                        java.util.Objects.requireNonNull(service.backends().get(address));
                assertTrue(before.share() > 0 || b.share() == 0, before + " " + b);
            });
        }
    }
}
