package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Pools;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** What an allocator is told, where a test does not care. */
public final class TestSettings {

    private TestSettings() {}

    public static AllocatorSettings of(Duration quarantine, String... sources) {
        return new AllocatorSettings(
                Pools.DEFAULT,
                quarantine,
                Set.of(sources),
                Duration.ofMinutes(10),
                FlapSettings.DEFAULT,
                new DangerousAddresses(Map.of()));
    }
}
