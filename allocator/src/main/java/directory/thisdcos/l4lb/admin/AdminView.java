package directory.thisdcos.l4lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.history.TableHistory;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.model.State;
import directory.thisdcos.l4lb.runtime.ProblemBoard;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the API shows. Each supplier is called per request, from several threads.
 *
 * @param table the table that this process serves
 * @param problems what is wrong now
 * @param missing what is not there yet before this process does its work, one line each; empty when ready
 * @param dataPlane the kernel's side
 * @param allocator empty where this process does not allocate
 * @param nodes every registered node; empty where this process does not read them
 * @param version the program's version
 * @param names empty where this process serves no DNS
 * @param zooKeepers of frameworks
 * @param history of the table; empty where this process keeps none
 */
public record AdminView(
        Supplier<State> table,
        ProblemBoard problems,
        Supplier<List<String>> missing,
        Supplier<DataPlane> dataPlane,
        Supplier<Optional<AllocatorControl>> allocator,
        Supplier<Optional<Collection<NodeStatus>>> nodes,
        String version,
        Optional<DnsNames> names,
        FrameworkZooKeepers zooKeepers,
        Optional<TableHistory> history) {

    /**
     * The table with the last thing that this process wrote: who changes something, and asks then, sees it, whatever the
     * node beside it has applied by now.
     */
    State newest() {
        State served = table.get();
        return allocator
                .get()
                .map(AllocatorControl::state)
                .filter(written -> written.epoch() > served.epoch()
                        || (written.epoch() == served.epoch() && written.seq() > served.seq()))
                .orElse(served);
    }

    /** Of a process that serves no DNS and keeps no history. */
    public AdminView(
            Supplier<State> table,
            ProblemBoard problems,
            Supplier<List<String>> missing,
            Supplier<DataPlane> dataPlane,
            Supplier<Optional<AllocatorControl>> allocator,
            Supplier<Optional<Collection<NodeStatus>>> nodes,
            String version) {
        this(
                table,
                problems,
                missing,
                dataPlane,
                allocator,
                nodes,
                version,
                Optional.empty(),
                FrameworkZooKeepers.NONE,
                Optional.empty());
    }

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Part {
        void write(JsonGenerator out) throws IOException;
    }

    /** Shows the kernel's services. */
    @FunctionalInterface
    public interface Services {
        /**
         * @param of a name or address; empty for all
         * @param limit the most services
         */
        Part of(String of, int limit) throws IOException;
    }

    /**
     * The kernel's side.
     *
     * @param mode {@code on}, {@code plan}, {@code off}
     * @param detail one sentence: why it is so, or how it is
     * @param plan what would be applied, as {@code ipvsadm -R} text; asked for only on request
     * @param pending what is still to do, in the same words
     * @param status fields that follow mode and detail in their object
     * @param services with the kernel's counters, as an array
     */
    public record DataPlane(
            String mode,
            String detail,
            Supplier<String> plan,
            Supplier<String> pending,
            Part status,
            Services services) {

        /** Of a process without one, or without more to tell. */
        public DataPlane(String mode, String detail, Supplier<String> plan) {
            this(mode, detail, plan, plan, out -> {}, (of, limit) -> out -> {
                out.writeStartArray();
                out.writeEndArray();
            });
        }
    }
}
