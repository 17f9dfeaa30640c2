package directory.thisdcos.l4lb.ipvs;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The kernel's counters as metrics, read when they are asked for. Bounded: a table of 5,000 services with 5 servers each
 * would be 150,000 series; the services beyond the limit, in the order of their addresses, are only counted.
 */
final class CounterMetrics implements MultiCollector {

    /** Reads the kernel: {@link IpvsSync#counters}. */
    @FunctionalInterface
    interface Source {
        List<ServiceCounters> read(String of, int limit) throws IOException;
    }

    /** Counters of one name while they are put together. */
    private static final class Family {
        private final CounterSnapshot.Builder builder;

        Family(String name, String help) {
            builder = CounterSnapshot.builder().name(name).help(help);
        }

        void add(Labels labels, long value) {
            builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) value)
                    .build());
        }
    }

    private static final Map<String, ToLongFunction<Counters>> COUNTED = new TreeMap<>(Map.of(
            "connections", Counters::connections,
            "in_packets", Counters::inPackets,
            "out_packets", Counters::outPackets,
            "in_bytes", Counters::inBytes,
            "out_bytes", Counters::outBytes));

    private final Source source;
    private final int limit;

    private CounterMetrics(Source source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    /** @param limit the most services to show; 0 for none */
    static void register(PrometheusRegistry registry, Source source, int limit) {
        if (limit > 0) {
            registry.register(new CounterMetrics(source, limit));
        }
    }

    @Override
    public MetricSnapshots collect() {
        List<ServiceCounters> services;
        try {
            services = source.read("", limit);
        } catch (IOException e) {
            // A scrape must not fail for it; the engine reports what is wrong with the kernel.
            services = List.of();
        }
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        for (Map.Entry<String, ToLongFunction<Counters>> counted : COUNTED.entrySet()) {
            Family vips = new Family("l4lb_ipvs_vip_" + counted.getKey(), "Counted by the kernel for a service");
            Family servers = new Family("l4lb_ipvs_backend_" + counted.getKey(), "Counted by the kernel for a server");
            for (ServiceCounters service : services) {
                vips.add(labels(service), counted.getValue().applyAsLong(service.counters()));
                service.servers()
                        .forEach(server -> servers.add(
                                labels(service, server), counted.getValue().applyAsLong(server.counters())));
            }
            all.metricSnapshot(vips.builder.build());
            all.metricSnapshot(servers.builder.build());
        }
        all.metricSnapshot(gauge("active", "Established and half-open", services, ServiceCounters.Server::active));
        all.metricSnapshot(gauge("inactive", "All other", services, ServiceCounters.Server::inactive));
        return all.build();
    }

    private static GaugeSnapshot gauge(
            String state, String which, List<ServiceCounters> services, ToLongFunction<ServiceCounters.Server> value) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder()
                .name("l4lb_ipvs_backend_" + state + "_connections")
                .help(which + " connections of a server");
        for (ServiceCounters service : services) {
            service.servers()
                    .forEach(server -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(labels(service, server))
                            .value((double) value.applyAsLong(server))
                            .build()));
        }
        return builder.build();
    }

    private static Labels labels(ServiceCounters service) {
        return Labels.of(
                "vip", service.name(), "address", service.address().toString(), "protocol", service.protocol());
    }

    private static Labels labels(ServiceCounters service, ServiceCounters.Server server) {
        return labels(service).add("backend", server.address().toString());
    }
}
