package directory.thisdcos.l4lb.launcher.cli;

/** How an answer is shown. */
enum Format {
    TABLE,
    JSON,
    YAML
}
