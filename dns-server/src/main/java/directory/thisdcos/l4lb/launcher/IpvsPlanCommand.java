package directory.thisdcos.l4lb.launcher;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "plan",
        description = "Shows the table that this machine's kernel should have, as `ipvsadm -R` reads it.%n",
        sortOptions = false)
final class IpvsPlanCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private AdminAddress admin;

    @Option(names = "--pending", description = "Only what is still to do; nothing when the kernel is right.")
    private boolean pending;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws StartException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(new AdminClient(admin).get(pending ? "/v1/ipvs/pending" : "/v1/ipvs/plan"));
        out.flush();
        return 0;
    }
}
