package directory.thisdcos.l4lb.model;

import java.util.List;
import java.util.Optional;

/** A service's own options over the defaults, while it is checked what goes together. For one thread. */
final class BalancingDraft {
    /** IANA's port for GUE. */
    private static final int GUE_PORT = 6080;

    private static final List<BalancingOption> CHECK_DETAILS = List.of(
            BalancingOption.CHECK_TARGET,
            BalancingOption.CHECK_INTERVAL,
            BalancingOption.CHECK_TIMEOUT,
            BalancingOption.CHECK_RISE,
            BalancingOption.CHECK_FALL);

    private final BalancingOptions own;
    private final BalancingOptions defaults;

    BalancingDraft(BalancingOptions own, BalancingOptions defaults) {
        this.own = own;
        this.defaults = defaults;
    }

    /** A default that does not fit gives way in silence; what a declaration said does not. */
    Balancing balancing(Protocol protocol, List<String> faults) {
        Scheduler scheduler =
                value(BalancingOption.SCHEDULER).flatMap(Scheduler::parse).orElse(Balancing.DEFAULT.scheduler());
        ForwardingMethod method =
                value(BalancingOption.METHOD).flatMap(ForwardingMethod::parse).orElse(Balancing.DEFAULT.method());
        int upper = number(BalancingOption.UPPER_THRESHOLD);
        int lower = number(BalancingOption.LOWER_THRESHOLD);
        if (lower > upper) {
            fault(
                    BalancingOption.LOWER_THRESHOLD,
                    lower + " is above the upper one, " + upper + "; give upperThreshold a value of at least that",
                    faults);
            lower = 0;
        }
        boolean hashPort = value(BalancingOption.FLAGS)
                .map(flags -> flags.endsWith("port"))
                .orElse(true);
        if (!scheduler.hashes()) {
            fault(BalancingOption.FLAGS, "is for the schedulers sh and mh only, not for " + scheduler.text(), faults);
            hashPort = true;
        }
        boolean onePacket = isOnePacket(protocol, faults);
        return new Balancing(
                scheduler,
                hashPort,
                method,
                tunnelPort(method, faults),
                onePacket ? 0 : number(BalancingOption.PERSISTENCE),
                onePacket,
                upper,
                lower,
                // Of one name: a default would give it to all.
                Integer.parseInt(own.values().getOrDefault(BalancingOption.FWMARK, "0")),
                care(protocol, faults));
    }

    private Care care(Protocol protocol, List<String> faults) {
        return new Care(
                check(protocol, faults),
                number(BalancingOption.SLOW_START),
                value(BalancingOption.LOCALITY).flatMap(Locality::parse).orElse(Locality.NONE));
    }

    private Optional<Check> check(Protocol protocol, List<String> faults) {
        Optional<Check.Kind> kind = value(BalancingOption.CHECK).flatMap(Check.Kind::parse);
        if (kind.isPresent() && kind.get().protocol() != protocol) {
            fault(BalancingOption.CHECK, "cannot be " + kind.get().text() + " for " + protocol.text(), faults);
            kind = Optional.empty();
        }
        if (kind.isEmpty()) {
            for (BalancingOption option : CHECK_DETAILS) {
                fault(option, "is for a check; give check too", faults);
            }
            return Optional.empty();
        }
        int interval = number(BalancingOption.CHECK_INTERVAL, Check.DEFAULT_INTERVAL);
        int timeout = number(BalancingOption.CHECK_TIMEOUT, Math.min(Check.DEFAULT_TIMEOUT, interval));
        if (timeout > interval) {
            fault(BalancingOption.CHECK_TIMEOUT, timeout + " is above the interval, " + interval, faults);
            timeout = interval;
        }
        return Optional.of(new Check(
                kind.get(),
                value(BalancingOption.CHECK_TARGET).orElse(""),
                interval,
                timeout,
                number(BalancingOption.CHECK_RISE, Check.DEFAULT_RISE),
                number(BalancingOption.CHECK_FALL, Check.DEFAULT_FALL)));
    }

    private boolean isOnePacket(Protocol protocol, List<String> faults) {
        if (!value(BalancingOption.ONE_PACKET).orElse("false").equals("true")) {
            return false;
        }
        if (protocol != Protocol.UDP) {
            fault(BalancingOption.ONE_PACKET, "is for UDP only, not for " + protocol.text(), faults);
            return false;
        }
        boolean isOwn = own.values().containsKey(BalancingOption.ONE_PACKET);
        boolean persists = isOwn
                ? !own.values().getOrDefault(BalancingOption.PERSISTENCE, "0").equals("0")
                : number(BalancingOption.PERSISTENCE) > 0;
        if (persists) {
            fault(BalancingOption.ONE_PACKET, "and persistenceSeconds exclude each other", faults);
        }
        return !persists;
    }

    private int tunnelPort(ForwardingMethod method, List<String> faults) {
        int port = number(BalancingOption.TUNNEL_PORT);
        if (method == ForwardingMethod.GUE) {
            return port == 0 ? GUE_PORT : port;
        }
        fault(BalancingOption.TUNNEL_PORT, "is for the method gue only, not for " + method.text(), faults);
        return 0;
    }

    private Optional<String> value(BalancingOption option) {
        return Optional.ofNullable(own.values().get(option))
                .or(() -> Optional.ofNullable(defaults.values().get(option)));
    }

    private int number(BalancingOption option) {
        return number(option, 0);
    }

    private int number(BalancingOption option, int otherwise) {
        return value(option).map(Integer::parseInt).orElse(otherwise);
    }

    private void fault(BalancingOption option, String reason, List<String> faults) {
        if (own.values().containsKey(option)) {
            faults.add(option.field() + " " + reason + "; it is ignored");
        }
    }
}
