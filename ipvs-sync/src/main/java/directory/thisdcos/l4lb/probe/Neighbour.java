package directory.thisdcos.l4lb.probe;

import directory.thisdcos.l4lb.model.Endpoint;

/** A node to look at, and where. */
public record Neighbour(String id, Endpoint probe) {}
