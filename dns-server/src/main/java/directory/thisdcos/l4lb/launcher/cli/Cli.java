package directory.thisdcos.l4lb.launcher.cli;

import picocli.CommandLine;

/** All commands of this package. */
public final class Cli {

    private Cli() {}

    public static void addTo(CommandLine root) {
        root.addSubcommand(new VipCommand());
        root.addSubcommand(new ServiceCommand());
        root.addSubcommand(new AllocationCommand());
        root.addSubcommand(new PoolsCommand());
        root.addSubcommand(new DrainCommand());
        root.addSubcommand(new UndrainCommand());
        root.addSubcommand(new NodesCommand());
        root.addSubcommand(new SourcesCommand());
        root.addSubcommand(new ProblemsCommand());
        root.addSubcommand(new ChangesCommand());
        root.addSubcommand(new DnsCommand());
        root.addSubcommand(new DoctorCommand());
        root.addSubcommand(new TokenCommand());
        root.addSubcommand(new CompletionCommand());
        root.addSubcommand(new ManCommand());
    }
}
