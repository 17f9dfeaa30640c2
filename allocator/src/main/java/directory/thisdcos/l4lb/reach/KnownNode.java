package directory.thisdcos.l4lb.reach;

import directory.thisdcos.l4lb.model.NodeStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One node as the judge remembers it, from its first presence on. For the judge's lock; times are milliseconds. */
final class KnownNode {
    private NodeStatus status;
    private Optional<Long> ended = Optional.empty();

    /** Who says that it cannot be reached, and since when that program runs. */
    private final Map<String, Instant> accusers = new HashMap<>();

    private boolean gone;
    private Optional<Long> acquitted = Optional.empty();

    KnownNode(NodeStatus status) {
        this.status = status;
    }

    String id() {
        return status.id();
    }

    NodeStatus status() {
        return status;
    }

    /** Whether a presence says something that the judge asks for. */
    boolean isNews(NodeStatus now) {
        return !now.equals(status)
                && !(now.unreachable().equals(status.unreachable())
                        && now.started().equals(status.started())
                        && now.probe().equals(status.probe())
                        && now.attributes().equals(status.attributes())
                        && now.addresses().equals(status.addresses()));
    }

    void present(NodeStatus now) {
        status = now;
        ended = Optional.empty();
    }

    void absent(long now) {
        if (ended.isEmpty()) {
            ended = Optional.of(now);
        }
    }

    boolean isPresent() {
        return ended.isEmpty();
    }

    Optional<Long> ended() {
        return ended;
    }

    /**
     * What a node that is present says of this one. A node that began anew has reached nobody yet: while nothing else
     * speaks for this one, what its predecessor said stays in force.
     */
    void heard(NodeStatus witness, boolean accuses) {
        if (accuses) {
            accusers.put(witness.id(), witness.started());
        } else if (isPresent() || witness.started().equals(accusers.get(witness.id()))) {
            accusers.remove(witness.id());
        }
    }

    /** Of those that are not there any more, only the word against somebody who is not there either stays. */
    void forgetAbsent(Set<String> present) {
        if (isPresent()) {
            accusers.keySet().retainAll(present);
        }
    }

    Set<String> accusers() {
        return accusers.keySet();
    }

    boolean isGone() {
        return gone;
    }

    /** Takes in whether there is enough evidence; returns when it will be back if nothing changes. */
    Optional<Long> settle(boolean enough, long now, long holdMillis) {
        if (enough) {
            gone = true;
            acquitted = Optional.empty();
            return Optional.empty();
        }
        if (!gone) {
            return Optional.empty();
        }
        long since = acquitted.orElse(now);
        acquitted = Optional.of(since);
        if (now - since >= holdMillis) {
            gone = false;
            acquitted = Optional.empty();
            return Optional.empty();
        }
        return Optional.of(since + holdMillis);
    }
}
