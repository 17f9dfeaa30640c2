package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.admin.AdminAccess;
import directory.thisdcos.l4lb.admin.FrameworkZooKeepers;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process is to do. Immutable and checked.
 *
 * @param admin where the admin API listens, and who may use it
 * @param frameworkZooKeepers what the admin API tells clients of frameworks
 * @param acceptCluster the operator's word that another or an older table may replace the one of the data folder
 * @param allocator present if this process allocates
 * @param node present if this process serves DNS and programs the kernel
 */
record Settings(
        Path data,
        AdminAccess admin,
        FrameworkZooKeepers frameworkZooKeepers,
        Ensemble ensemble,
        boolean acceptCluster,
        Optional<AllocatorRole> allocator,
        Optional<NodeRole> node) {}
