package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.Cli;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;

/** All commands by name. Each is made only where it is wanted: making all of them took a third of a second of every start. */
final class Commands {
    /** They tell of the others. */
    private static final Set<String> OF_ALL = Set.of("help", "completion", "man");

    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    private Commands() {}

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("standalone", StandaloneCommand::new);
        commands.put("allocator", AllocatorCommand::new);
        commands.put("node", NodeCommand::new);
        commands.put("ipvs", IpvsCommand::new);
        commands.put("explain", ExplainCommand::new);
        commands.put("import", ImportCommand::new);
        commands.put("backup", BackupCommand::new);
        commands.put("restore", RestoreCommand::new);
        commands.put("resolv-conf", ResolvConfCommand::new);
        commands.put("version", VersionCommand::new);
        commands.put("help", CommandLine.HelpCommand::new);
        Cli.addTo(commands);
        return commands;
    }

    /** The root with the command that the arguments begin with, or with all if that is not the name of one. */
    static CommandLine parserOf(String... arguments) {
        CommandLine root = new CommandLine(new L4lbCommand());
        String first = arguments.length == 0 ? "" : arguments[0];
        boolean one = COMMANDS.containsKey(first) && !OF_ALL.contains(first);
        Collection<String> names = one ? List.of(first) : COMMANDS.keySet();
        names.forEach(name -> root.addSubcommand(
                name, Objects.requireNonNull(COMMANDS.get(name)).get()));
        return root;
    }
}
