package directory.thisdcos.l4lb.reach;

import directory.thisdcos.l4lb.model.Backend;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.FixedAddress;
import directory.thisdcos.l4lb.model.Ip;
import directory.thisdcos.l4lb.model.Origin;
import directory.thisdcos.l4lb.model.Pools;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.ServiceKey;
import directory.thisdcos.l4lb.model.ServiceSpec;
import directory.thisdcos.l4lb.model.State;
import java.util.List;

/** Small tables. */
final class Tables {

    private Tables() {}

    /** One service with one backend. */
    static State with(Backend backend) {
        ServiceKey key = new ServiceKey(new FixedAddress(Ip.of("3.3.0.6")), Protocol.TCP, 80);
        return State.EMPTY.fold(List.of(
                new Change.PoolsPut(Pools.DEFAULT),
                new Change.ServicePut(
                        key, new ServiceSpec(Scheduler.WLC, List.of(new Origin("source", "", "app", "")), 0)),
                new Change.BackendPut(key, backend)));
    }
}
