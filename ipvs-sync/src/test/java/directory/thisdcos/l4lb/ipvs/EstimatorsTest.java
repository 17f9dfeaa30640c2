package directory.thisdcos.l4lb.ipvs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.runtime.Problem;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EstimatorsTest {
    @TempDir
    private Path sysctls;

    private Path run = Path.of("");

    @BeforeEach
    void aKernelThatEstimates() throws IOException {
        run = sysctls.resolve("run_estimation");
        Files.writeString(run, "1\n");
    }

    private Estimators estimators(Estimation wanted) {
        return new Estimators(sysctls, wanted, new IpvsMetrics(new PrometheusRegistry()));
    }

    private static List<String> problems(Estimators estimators) {
        return estimators.problems().stream().map(Problem::kind).toList();
    }

    @Test
    void manyEntriesAreAProblemOfOldKernelsThatGoesWhenAnOperatorDecides() throws IOException {
        Estimators keep = estimators(Estimation.KEEP);
        assertEquals(0, keep.repair(KernelCost.MANY_ESTIMATED));
        assertEquals(List.of(), problems(keep));
        assertEquals(0, keep.repair(KernelCost.MANY_ESTIMATED + 1));
        assertEquals(List.of("estimation"), problems(keep));
        Files.writeString(run, "0\n");
        keep.repair(KernelCost.MANY_ESTIMATED + 1);
        assertEquals(List.of(), problems(keep), "somebody turned it off");
        Files.writeString(run, "1\n");
        Files.writeString(sysctls.resolve("est_nice"), "0\n");
        keep.repair(KernelCost.MANY_ESTIMATED + 1);
        assertEquals(List.of(), problems(keep), "this kernel has threads for it");
    }

    @Test
    void anOperatorsWordIsKept() throws IOException {
        Estimators off = estimators(Estimation.OFF);
        assertEquals(1, off.repair(KernelCost.MANY_ESTIMATED + 1));
        assertEquals("0", Files.readString(run).strip());
        assertEquals(0, off.repair(1));
        Estimators on = estimators(Estimation.ON);
        assertEquals(1, on.repair(KernelCost.MANY_ESTIMATED + 1));
        assertEquals("1", Files.readString(run).strip());
        assertEquals(List.of(), problems(on), "packets may wait");
    }

    @Test
    void aKernelWithoutTheSettingSaysSo() throws IOException {
        Files.delete(run);
        Estimators off = estimators(Estimation.OFF);
        assertEquals(0, off.repair(1));
        assertTrue(off.problems().get(0).message().contains("--ipvs-estimation off does nothing"));
        Estimators keep = estimators(Estimation.KEEP);
        keep.repair(KernelCost.MANY_ESTIMATED + 1);
        assertEquals(List.of("estimation"), problems(keep));
    }
}
