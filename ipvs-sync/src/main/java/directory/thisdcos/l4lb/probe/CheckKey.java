package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Check;
import directory.thisdcos.l4lb.model.Endpoint;

/** A server and how it is checked; services that share both share the result. */
public record CheckKey(Endpoint server, Check check) {}
