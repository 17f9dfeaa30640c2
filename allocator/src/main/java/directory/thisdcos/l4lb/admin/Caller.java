package directory.thisdcos.l4lb.admin;

/**
 * Who asks.
 *
 * @param name for the audit log
 */
record Caller(String name, Role role) {}
