package directory.thisdcos.l4lb.launcher.cli;

import java.util.Map;
import java.util.function.Supplier;

/** All commands of this package. */
public final class Cli {

    private Cli() {}

    /** By name; making one reads its options by reflection. */
    public static void addTo(Map<String, Supplier<Object>> commands) {
        commands.put("vip", VipCommand::new);
        commands.put("service", ServiceCommand::new);
        commands.put("allocation", AllocationCommand::new);
        commands.put("pools", PoolsCommand::new);
        commands.put("drain", DrainCommand::new);
        commands.put("undrain", UndrainCommand::new);
        commands.put("nodes", NodesCommand::new);
        commands.put("sources", SourcesCommand::new);
        commands.put("problems", ProblemsCommand::new);
        commands.put("changes", ChangesCommand::new);
        commands.put("dns", DnsCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("completion", CompletionCommand::new);
        commands.put("man", ManCommand::new);
    }
}
