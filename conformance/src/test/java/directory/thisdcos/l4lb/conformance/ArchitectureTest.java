package directory.thisdcos.l4lb.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The boundaries of docs/architecture.md. */
final class ArchitectureTest {
    private static final String BASE = "directory.thisdcos.l4lb.";
    private static final String[] ALLOCATOR = {
        BASE + "allocator..", BASE + "source..", BASE + "admin..", BASE + "history.."
    };
    private static final String[] IPVS = {BASE + "ipvs..", BASE + "netlink..", BASE + "probe..", BASE + "local.."};
    private static final String[] DNS = {BASE + "dns.."};
    private static final String LAUNCHER = BASE + "launcher..";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("directory.thisdcos.l4lb");

    @Test
    void theModelIsPure() {
        classes()
                .that()
                .resideInAPackage(BASE + "model..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                                BASE + "model..",
                                "java.lang..",
                                "java.util..",
                                "java.math..",
                                "java.time..",
                                "java.nio.charset..",
                                "org.jspecify..")
                        .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.type(java.net.InetAddress.class))
                        .or(com.tngtech.archunit.core.domain.JavaClass.Predicates.type(
                                java.net.UnknownHostException.class)))
                .check(CLASSES);
    }

    @Test
    void zkStateKnowsNobody() {
        noClasses()
                .that()
                .resideInAnyPackage(BASE + "model..", BASE + "store..", BASE + "runtime..")
                .should()
                .dependOnClassesThat(resideInAPackage("directory.thisdcos.l4lb..")
                        .and(not(resideInAnyPackage(BASE + "model..", BASE + "store..", BASE + "runtime.."))))
                .check(CLASSES);
    }

    @Test
    void theThreeModulesDoNotKnowEachOther() {
        modulesAreApart(ALLOCATOR, IPVS, DNS);
        modulesAreApart(IPVS, ALLOCATOR, DNS);
        modulesAreApart(DNS, ALLOCATOR, IPVS);
    }

    private static void modulesAreApart(String[] module, String[] one, String[] other) {
        noClasses()
                .that()
                .resideInAnyPackage(module)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(one)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(other)
                .check(CLASSES);
    }

    @Test
    void nobodyKnowsTheLauncher() {
        noClasses()
                .that()
                .resideOutsideOfPackage(LAUNCHER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LAUNCHER)
                .check(CLASSES);
    }

    @Test
    void onlyTheLauncherEndsTheProcessOrReadsItsEnvironment() {
        noClasses()
                .that()
                .resideOutsideOfPackage(LAUNCHER)
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(System.class, "getenv")
                .orShould()
                .callMethod(System.class, "getenv", String.class)
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("directory.thisdcos.l4lb.(**)")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
