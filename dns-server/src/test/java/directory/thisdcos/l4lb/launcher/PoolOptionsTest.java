package directory.thisdcos.l4lb.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class PoolOptionsTest {
    private static final Pool KAFKA = Pool.of("kafka", IpRange.parse("12.0.0.0/24"))
            .withSuffixes(List.of("kafka", "team-a.marathon"))
            .withDraining(true);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path temp;

    private static Pools pools(String... arguments) throws WrongUsageException {
        AllocatorOptions options = new AllocatorOptions();
        new CommandLine(options).parseArgs(arguments);
        return options.pools.pools();
    }

    private static void refused(String part, String... arguments) {
        Exception e = assertThrows(Exception.class, () -> pools(arguments));
        assertTrue(e instanceof WrongUsageException || e instanceof ParameterException, e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }

    @Test
    void withoutOptionsTheyAreDcosNets() throws Exception {
        assertEquals(Pools.DEFAULT, pools());
        Pools one = pools("--pool", "11.0.0.0/16");
        assertEquals(new Pools(IpRange.parse("11.0.0.0/16"), Pools.DEFAULT.v6()), one);
        assertTrue(one.isPlain(), "earlier releases read it");
    }

    @Test
    void severalPoolsWithNamesSuffixesReservedPartsAndDrain() throws Exception {
        Pools several = pools(
                "--pool",
                "11.0.0.0/16",
                "--pool=kafka=12.0.0.0/24,suffix=kafka,suffix=team-a.marathon,drain",
                "--pool6=six=fd02::/64",
                "--pool-reserve=11.0.0.0/24",
                "--pool-reserve=fd02::-fd02::ff",
                "--claim-allow=3.3.0.0/16");
        Pool big = Pool.of("v4", IpRange.parse("11.0.0.0/16")).withReserved(List.of(IpRange.parse("11.0.0.0/24")));
        Pool six = Pool.of("six", IpRange.parse("fd02::/64")).withReserved(List.of(IpRange.parse("fd02::-fd02::ff")));
        assertEquals(new Pools(List.of(big, KAFKA, six), List.of(IpRange.parse("3.3.0.0/16"))), several);
    }

    @Test
    void theFileAndTheEnvironmentSayItToo() throws Exception {
        Path file = Files.writeString(
                temp.resolve("l4lb.yaml"),
                "pool: [11.0.0.0/16, \"kafka=12.0.0.0/24,suffix=kafka,suffix=team-a.marathon,drain\"]\n");
        String[] fromFile = LayeredArguments.complete(
                Main.commandLine(), new String[] {"allocator", "--config", file.toString()}, Map.of());
        String[] fromEnvironment = LayeredArguments.complete(
                Main.commandLine(),
                new String[] {"allocator"},
                Map.of("L4LB_POOL", "11.0.0.0/16 kafka=12.0.0.0/24,suffix=kafka,suffix=team-a.marathon,drain"));
        for (String[] arguments : List.of(fromFile, fromEnvironment)) {
            String[] ofPools = Arrays.stream(arguments)
                    .filter(argument -> argument.startsWith("--pool="))
                    .toArray(String[]::new);
            assertEquals(KAFKA, pools(ofPools).list().get(1), () -> Arrays.toString(arguments));
        }
    }

    @Test
    void mistakesAreNamed() {
        refused("--pool6", "--pool=fd00::/64");
        refused("is IPv4; give such ranges to --pool", "--pool6=12.0.0.0/8");
        refused("write NAME=RANGE", "--pool=11.0.0.0/16", "--pool=12.0.0.0/16");
        refused("overlap", "--pool=a=11.0.0.0/8", "--pool=b=11.9.0.0/16");
        refused("two pools are called v6", "--pool=v6=11.0.0.0/8");
        refused("neither suffix=END nor drain", "--pool=11.0.0.0/16,drian");
        refused("no name for a pool", "--pool=Big One=11.0.0.0/16");
        refused("no end of a name", "--pool=11.0.0.0/16,suffix=.kafka");
        refused("lies in no pool", "--pool-reserve=12.0.0.0/24");
        refused("overlaps another", "--pool-reserve=11.0.0.0/16", "--pool-reserve=11.0.1.0/24");
        refused("bits set after the prefix", "--claim-allow=3.3.0.6/16");
    }
}
