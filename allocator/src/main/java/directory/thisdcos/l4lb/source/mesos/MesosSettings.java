package directory.thisdcos.l4lb.source.mesos;

import java.time.Duration;

/**
 * Times of a Mesos source.
 *
 * @param agentTimeout how long agents that a new master recovered have to come back, as in the master's own
 *     {@code --agent_reregister_timeout} (10 minutes unless it is set); so long, too, the tasks of a lost agent keep
 *     their names
 * @param taskSettle how long after an agent came back its last task may be told
 * @param silence for how long a master may send nothing before it counts as gone, until it says its heartbeat's
 *     interval
 * @param pollInterval between two looks at an agent
 */
public record MesosSettings(Duration agentTimeout, Duration taskSettle, Duration silence, Duration pollInterval) {

    public static final MesosSettings DEFAULT = new MesosSettings(
            Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(2));

    public MesosSettings {
        if (agentTimeout.isNegative() || taskSettle.isNegative() || silence.toMillis() < 1) {
            throw new IllegalArgumentException("a time of a Mesos source is negative, or its silence is zero");
        }
        if (pollInterval.toMillis() < 1) {
            throw new IllegalArgumentException("the poll interval must be positive");
        }
    }

    public MesosSettings withAgentTimeout(Duration timeout) {
        return new MesosSettings(timeout, taskSettle, silence, pollInterval);
    }

    public MesosSettings withTaskSettle(Duration settle) {
        return new MesosSettings(agentTimeout, settle, silence, pollInterval);
    }

    public MesosSettings withSilence(Duration limit) {
        return new MesosSettings(agentTimeout, taskSettle, limit, pollInterval);
    }

    public MesosSettings withPollInterval(Duration interval) {
        return new MesosSettings(agentTimeout, taskSettle, silence, interval);
    }
}
