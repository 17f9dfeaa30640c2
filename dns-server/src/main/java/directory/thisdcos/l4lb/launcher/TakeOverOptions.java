package directory.thisdcos.l4lb.launcher;

import picocli.CommandLine.Option;

/** How a node replaces another one of the same machine. */
final class TakeOverOptions {
    @Option(
            names = "--take-over",
            description =
                    "If another l4lb holds the data folder, serve DNS beside it, ask it to stop (SIGTERM), and go on"
                            + " in its place: no query is lost.")
    boolean takeOver;
}
