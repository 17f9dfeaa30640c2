package directory.thisdcos.l4lb.ipvs;

import directory.thisdcos.l4lb.model.Balancing;
import directory.thisdcos.l4lb.model.Protocol;
import directory.thisdcos.l4lb.model.Scheduler;
import directory.thisdcos.l4lb.model.State;

/** A service whose backends are replaced one by one: each of be1 by the one of be2 at the same port. */
final class Replacement {
    static final int BACKENDS = 20;
    static final int FIRST_PORT = 9000;

    private Replacement() {}

    /** The first {@code replaced} backends are new ones. */
    static State state(Scheduler scheduler, Protocol protocol, int port, int replaced) {
        String[] backends = new String[BACKENDS];
        for (int i = 0; i < BACKENDS; i++) {
            backends[i] = (i < replaced ? "10.1.0.3:" : "10.1.0.2:") + (FIRST_PORT + i);
        }
        return new States()
                .name("web", "11.0.0.1")
                .service(States.name("web"), protocol, port, Balancing.of(scheduler), backends)
                .build();
    }
}
