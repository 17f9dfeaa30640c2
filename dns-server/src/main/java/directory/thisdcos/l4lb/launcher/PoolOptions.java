package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.launcher.cli.PoolText;
import directory.thisdcos.l4lb.model.Family;
import directory.thisdcos.l4lb.model.IpRange;
import directory.thisdcos.l4lb.model.Pool;
import directory.thisdcos.l4lb.model.Pools;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where names get their addresses. The leading allocator writes it into the table, from which every node has it. */
final class PoolOptions {

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            converter = PoolText.Converter.class,
            description = {
                "IPv4 addresses for names: [NAME=]RANGE[,suffix=END]...[,drain], where RANGE is FIRST-LAST or"
                        + " NETWORK/PREFIX, and END the end of the names that get their address here and nowhere else,"
                        + " such as kafka for broker.kafka; without it the pool is for all others. From a pool with"
                        + " drain no name gets a new address. Repeatable (in the environment with spaces); another end"
                        + " of a range gives new names other addresses. Default: 11.0.0.0-11.255.255.255."
            })
    List<PoolText> pools = List.of();

    @Option(
            names = "--pool6",
            paramLabel = "POOL",
            converter = PoolText.Converter.class,
            description = "The same with IPv6 addresses, for names that have IPv6 backends."
                    + " Default: fd01:c::-fd01:c::ffff:ffff:ffff:ffff.")
    List<PoolText> pools6 = List.of();

    @Option(
            names = "--pool-reserve",
            paramLabel = "RANGE",
            converter = Converters.OfRange.class,
            description =
                    "Part of a pool that no name gets by itself; fixed VIPs and operators may use it. Repeatable.")
    List<IpRange> reserved = List.of();

    @Option(
            names = "--claim-allow",
            paramLabel = "RANGE",
            converter = Converters.OfRange.class,
            description = "Addresses outside the pools that fixed VIPs may claim. Repeatable. Default: all that are not"
                    + " dangerous.")
    List<IpRange> claimable = List.of();

    Pools pools() throws WrongUsageException {
        List<Pool> all = new ArrayList<>();
        all.addAll(of(Family.V4, pools, Pools.DEFAULT));
        all.addAll(of(Family.V6, pools6, Pools.DEFAULT));
        for (IpRange part : reserved) {
            if (all.stream().noneMatch(pool -> pool.contains(part.first()) && pool.contains(part.last()))) {
                throw new WrongUsageException("--pool-reserve " + part + " lies in no pool; the pools are "
                        + all.stream()
                                .map(pool -> pool.name() + "=" + pool.range())
                                .toList());
            }
        }
        try {
            return new Pools(
                    all.stream().map(pool -> pool.withReserved(within(pool))).toList(), claimable);
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException("--pool, --pool6, --pool-reserve: " + e.getMessage());
        }
    }

    private List<IpRange> within(Pool pool) {
        return reserved.stream().filter(part -> pool.contains(part.first())).toList();
    }

    private static List<Pool> of(Family family, List<PoolText> texts, Pools defaults) throws WrongUsageException {
        if (texts.isEmpty()) {
            return defaults.of(family);
        }
        String option = family == Family.V4 ? "--pool" : "--pool6";
        String other = family == Family.V4 ? "--pool6" : "--pool";
        for (PoolText text : texts) {
            if (text.range().family() != family) {
                throw new WrongUsageException(option + " " + text.range() + " is "
                        + name(text.range().family()) + "; give such ranges to " + other);
            }
        }
        if (texts.stream().filter(text -> text.name().isEmpty()).count() > 1) {
            throw new WrongUsageException(option + ": more than one pool has no name; write NAME=RANGE");
        }
        String unnamed = defaults.of(family).get(0).name();
        try {
            return texts.stream().map(text -> text.pool(unnamed)).toList();
        } catch (IllegalArgumentException e) {
            throw new WrongUsageException(option + ": " + e.getMessage());
        }
    }

    private static String name(Family family) {
        return family == Family.V4 ? "IPv4" : "IPv6";
    }
}
