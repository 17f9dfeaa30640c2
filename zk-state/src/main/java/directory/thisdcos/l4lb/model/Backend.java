package directory.thisdcos.l4lb.model;

import java.util.Optional;

/**
 * One instance of a service on one port.
 *
 * @param address where other nodes reach it; its identity within a service
 * @param container where the hosting node itself reaches it behind bridge networking, if that differs
 * @param weight 0 to 65535: the share of new connections; 0 keeps open connections and gets no new ones
 * @param health why the weight is what it is
 * @param node the agent that runs it, as its source names it (address or host name); empty if unknown
 * @param zone where the node is: {@code REGION/ZONE} as Mesos has it, {@code REGION/ZONE/RACK} where the node's attributes
 *     say more (each part may be empty); empty if unknown
 * @param portName the port's name in its source; empty if it has none
 * @param task the task's id in its source
 * @param source the source that reported it, such as {@code apps:/etc/l4lb/apps}
 */
public record Backend(
        Endpoint address,
        Optional<Endpoint> container,
        int weight,
        Health health,
        String node,
        String zone,
        String portName,
        String task,
        String source) {

    private static final int MAX_WEIGHT = 65535;

    public Backend {
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight " + weight + " is not within 0-" + MAX_WEIGHT);
        }
        if (address.port() == 0) {
            throw new IllegalArgumentException("backend " + address + " has no port");
        }
    }

    /** Of a node whose zone is not known. */
    public Backend(
            Endpoint address,
            Optional<Endpoint> container,
            int weight,
            Health health,
            String node,
            String portName,
            String task,
            String source) {
        this(address, container, weight, health, node, "", portName, task, source);
    }

    /**
     * The same instance with another health; a weight of 0 where that health allows no new connections, except where the
     * machine is gone: it comes back as it was.
     */
    public Backend with(Health newHealth) {
        int newWeight = newHealth.eligible() || newHealth == Health.UNREACHABLE ? weight : 0;
        return new Backend(address, container, newWeight, newHealth, node, zone, portName, task, source);
    }

    /** The same instance without new connections until an operator wants otherwise; it keeps its weight for then. */
    public Backend drained() {
        return new Backend(address, container, weight, Health.DRAINING, node, zone, portName, task, source);
    }

    /** Whether {@link #drained} made it, and only the end of that keeps it from getting connections. */
    public boolean isDrained() {
        return health == Health.DRAINING && weight > 0;
    }

    /** The same instance with another weight. */
    public Backend withWeight(int newWeight) {
        return new Backend(address, container, newWeight, health, node, zone, portName, task, source);
    }

    /** The same instance in another place. */
    public Backend withZone(String newZone) {
        return newZone.equals(zone)
                ? this
                : new Backend(address, container, weight, health, node, newZone, portName, task, source);
    }

    /** Its share of new connections now: 0 while it gets none, whatever weight it has for its return. */
    public int share() {
        return health == Health.UNREACHABLE || health == Health.DRAINING ? 0 : weight;
    }
}
