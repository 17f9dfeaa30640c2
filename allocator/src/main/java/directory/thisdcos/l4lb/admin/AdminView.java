package directory.thisdcos.l4lb.admin;

import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the API shows. Each supplier is called per request, from several threads.
 *
 * @param table the table that this process serves
 * @param problems what is wrong now
 * @param missing what is not there yet before this process does its work, one line each; empty when ready
 * @param dataPlane the kernel's side
 * @param sources the sources and how far they are; empty where this process has none
 * @param version the program's version
 */
public record AdminView(
        Supplier<State> table,
        ProblemBoard problems,
        Supplier<List<String>> missing,
        Supplier<DataPlane> dataPlane,
        Supplier<List<SourceStatus>> sources,
        String version) {

    /**
     * The kernel's side.
     *
     * @param mode {@code on}, {@code plan}, {@code off}
     * @param detail one sentence: why it is so, or how it is
     * @param plan what would be applied, as {@code ipvsadm -R} text; asked for only on request
     */
    public record DataPlane(String mode, String detail, Supplier<String> plan) {}

    /**
     * A source of tasks.
     *
     * @param id such as {@code apps:/etc/l4lb/apps}
     * @param complete whether it has given a complete snapshot since this process began
     * @param services number of virtual services that it declares
     * @param backends number of backends that it reports
     */
    public record SourceStatus(String id, boolean complete, int services, int backends) {}
}
