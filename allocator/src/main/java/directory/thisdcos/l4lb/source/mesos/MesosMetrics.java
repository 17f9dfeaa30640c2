package directory.thisdcos.l4lb.source.mesos;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Set;

/** What all Mesos sources of a process count, by source. */
public final class MesosMetrics {
    private static final Set<String> KNOWN_TYPES = Set.of(
            "SUBSCRIBED",
            "HEARTBEAT",
            "TASK_ADDED",
            "TASK_UPDATED",
            "AGENT_ADDED",
            "AGENT_REMOVED",
            "FRAMEWORK_ADDED",
            "FRAMEWORK_UPDATED",
            "FRAMEWORK_REMOVED");

    private final Counter events;
    private final Counter ignored;
    private final Counter octets;
    private final Counter failures;
    private final Gauge tasks;
    private final Gauge agents;
    private final Gauge awaited;

    public MesosMetrics(PrometheusRegistry registry) {
        events = counter("events", "Records read from Mesos, by type", "type").register(registry);
        ignored = counter("ignored", "What Mesos sent and could not be used, by reason", "reason")
                .register(registry);
        octets = counter("received_bytes", "Octets read from Mesos").register(registry);
        failures = counter("failures", "Connections to Mesos that failed or broke, by reason", "reason")
                .register(registry);
        tasks = gauge("tasks", "Tasks known, by whether they carry a VIP label", "vip")
                .register(registry);
        agents = gauge("agents", "Agents known").register(registry);
        awaited = gauge("awaited_agents", "Agents that did not come back yet after a change of master")
                .register(registry);
    }

    private static Counter.Builder counter(String name, String help, String... labels) {
        return Counter.builder()
                .name("l4lb_mesos_" + name + "_total")
                .help(help)
                .labelNames(withSource(labels));
    }

    private static Gauge.Builder gauge(String name, String help, String... labels) {
        return Gauge.builder().name("l4lb_mesos_" + name).help(help).labelNames(withSource(labels));
    }

    private static String[] withSource(String... labels) {
        String[] all = new String[labels.length + 1];
        all[0] = "source";
        System.arraycopy(labels, 0, all, 1, labels.length);
        return all;
    }

    void event(String source, String type) {
        events.labelValues(source, KNOWN_TYPES.contains(type) ? type : "other").inc();
    }

    /** @param reason a short constant */
    void ignored(String source, String reason) {
        ignored.labelValues(source, reason).inc();
    }

    void received(String source, long count) {
        octets.labelValues(source).inc(count);
    }

    void failed(String source, String reason) {
        failures.labelValues(source, reason).inc();
    }

    void size(String source, int vipTasks, int otherTasks, int agentCount, int awaitedAgents) {
        tasks.labelValues(source, "yes").set(vipTasks);
        tasks.labelValues(source, "no").set(otherTasks);
        agents.labelValues(source).set(agentCount);
        awaited.labelValues(source).set(awaitedAgents);
    }
}
