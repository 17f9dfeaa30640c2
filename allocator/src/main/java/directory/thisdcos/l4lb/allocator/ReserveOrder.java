package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Allocation.Status;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.Hold;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.ServiceName;
import directory.thisdcos.l4lb.model.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reserves a name, so that it keeps its addresses whether somebody declares it or not; moves it if it has others than
 * those that are asked for. What it had goes into quarantine then.
 *
 * @param address the IPv4 address that it shall have; empty for the one that it has, or the one that it would get
 * @param address6 the same for IPv6; empty for the one that it has, if it has one
 * @param owner who reserves it; for people
 */
public record ReserveOrder(
        ServiceName name, Optional<Ip> address, Optional<Ip> address6, String owner, Expectation expectation)
        implements Order<Allocation> {

    @Override
    public Decision<Allocation> decide(State current, Circumstances now) throws OrderRefusedException {
        Optional<Allocation> held = current.allocation(name);
        if (held.filter(this::isMet).isPresent()) {
            return Decision.already(held.get());
        }
        expectation.check(name, held);
        if (address.isPresent()) {
            check(address.get(), Family.V4, "address", current, now);
        }
        if (address6.isPresent()) {
            check(address6.get(), Family.V6, "address6", current, now);
        }
        Allocation next = held.isPresent() ? changed(held.get(), now) : created(current, now);
        return new Decision<>(List.of(new Change.AllocationPut(next)), next);
    }

    private boolean isMet(Allocation held) {
        return held.isAllocated()
                && held.hold().reserved()
                && address.orElse(held.address()).equals(held.address())
                && (address6.isEmpty() || address6.equals(held.address6()));
    }

    private void check(Ip ip, Family family, String field, State current, Circumstances now)
            throws OrderRefusedException {
        if (ip.family() != family) {
            throw OrderRefusedException.conflict(field, ip + " is not of the family " + family);
        }
        Optional<ServiceName> holder = current.holder(ip).filter(other -> !other.equals(name));
        if (holder.isPresent()) {
            boolean isLive = current.allocation(holder.get())
                    .filter(other -> other.isAllocated() && other.addresses().contains(ip))
                    .isPresent();
            throw OrderRefusedException.conflict(
                    field,
                    holder.get() + (isLive ? " has " : " had ") + ip
                            + (isLive ? "" : ", and its quarantine is not over") + "; choose another address"
                            + (isLive
                                    ? ""
                                    : ", or end it: DELETE /v1/quarantine/"
                                            + holder.get().prefix()));
        }
        if (current.isClaimed(ip)) {
            throw OrderRefusedException.conflict(field, "a fixed VIP claims " + ip + "; choose another address");
        }
        if (!now.pools().contains(ip)) {
            throw OrderRefusedException.conflict(
                    field,
                    ip + " is in no pool; the pools are " + now.pools().ranges()
                            + "; choose one of theirs, or start the" + " allocators with a pool for it");
        }
        Optional<String> danger = now.dangerous().reason(ip);
        if (danger.isPresent()) {
            throw OrderRefusedException.conflict(field, ip + " is " + danger.get() + "; choose another address");
        }
    }

    private Allocation created(State current, Circumstances now) throws OrderRefusedException {
        Optional<Ip> four = address;
        if (four.isEmpty()) {
            AddressPicker picker =
                    new AddressPicker(now.pools(), ip -> current.holder(ip).isPresent() || current.isClaimed(ip));
            four = picker.pick(name, Family.V4);
            if (four.isEmpty()) {
                throw OrderRefusedException.conflict("name", picker.reason(name, Family.V4));
            }
        }
        return new Allocation(name, four.get(), address6, Status.ALLOCATED, now.nowMillis(), owner, Hold.RESERVED);
    }

    private Allocation changed(Allocation held, Circumstances now) throws OrderRefusedException {
        Ip four = address.orElse(held.address());
        Optional<Ip> six = address6.or(held::address6);
        List<Hold.Former> former = new ArrayList<>(held.hold().former());
        former.removeIf(one -> one.address().equals(four) || six.equals(Optional.of(one.address())));
        for (Ip old : held.addresses()) {
            if (!old.equals(four) && !six.equals(Optional.of(old))) {
                expectation.require(held);
                if (now.quarantine().compareTo(Duration.ZERO) > 0) {
                    former.add(new Hold.Former(old, now.nowMillis()));
                }
            }
        }
        return held.withAddresses(four, six)
                .withStatus(Status.ALLOCATED, now.nowMillis())
                .withHold(new Hold(true, former));
    }
}
