package directory.thisdcos.l4lb.launcher;

import directory.thisdcos.l4lb.allocator.Allocator;
import directory.thisdcos.l4lb.allocator.AllocatorControl;
import directory.thisdcos.l4lb.allocator.AllocatorSettings;
import directory.thisdcos.l4lb.model.Endpoint;
import directory.thisdcos.l4lb.model.NodeStatus;
import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Source;
import directory.thisdcos.l4lb.store.Leadership;
import directory.thisdcos.l4lb.store.ZooKeeperClient;
import directory.thisdcos.l4lb.store.ZooKeeperJournal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** The sources, and the allocator that writes into the table what they say. */
final class AllocatorPart {
    private final Allocator allocator;
    private final Leadership leadership;

    private AllocatorPart(Allocator allocator, Leadership leadership) {
        this.allocator = allocator;
        this.leadership = leadership;
    }

    /** Says before anything else starts that a folder cannot be read. */
    static void checkFolders(AllocatorRole role) throws StartException {
        for (Path folder : role.apps()) {
            if (!Files.isDirectory(folder)) {
                throw new StartException("--apps " + folder + ": "
                        + (Files.exists(folder) ? "it is not a folder" : "it does not exist")
                        + "; give a folder of *.json files");
            }
            if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
                throw new StartException("--apps " + folder + ": permission denied; let this user read it");
            }
        }
    }

    static AllocatorPart start(
            Settings settings,
            AllocatorRole role,
            ZooKeeperClient client,
            String connect,
            Endpoint admin,
            Context context)
            throws StartException {
        List<Source> sources = SourcesPart.of(settings, role, context);
        if (sources.isEmpty()) {
            context.problems()
                    .report(
                            "sources",
                            List.of(
                                    new Problem(
                                            "no-source",
                                            "sources",
                                            "none is configured, so the table is left as it is; give --apps DIR, --marathon URL or --mesos URL")));
        }
        String address = LeaderAddress.publish(
                settings.admin().certificate().isPresent() ? "https" : "http",
                role.advertise().orElse(admin));
        Leadership leadership = new Leadership(client, address);
        Allocator allocator = new Allocator(
                new AllocatorSettings(
                        role.pools(),
                        role.quarantine(),
                        sources.stream().map(Source::id).collect(Collectors.toSet()),
                        role.grace(),
                        role.flaps(),
                        NeededAddresses.of(settings, connect),
                        role.balancing(),
                        role.reach()),
                new ZooKeeperJournal(client),
                new Latch(leadership, address),
                context.problems(),
                context.registry(),
                context.clock());
        context.closer().add("leadership", leadership);
        context.closer().add("allocator", allocator);
        leadership.start();
        allocator.start();
        for (Source source : sources) {
            context.closer().add(source.id(), source);
            try {
                source.start(allocator);
            } catch (IOException e) {
                throw new StartException(source.id() + ": " + Reasons.of(e), e);
            }
        }
        return new AllocatorPart(allocator, leadership);
    }

    /** The allocator's view of the election. */
    private record Latch(Leadership leadership, String own) implements directory.thisdcos.l4lb.allocator.Leadership {
        @Override
        public Optional<URI> leaderApi() {
            return leadership.leaderId().flatMap(id -> LeaderAddress.reach(id, own));
        }

        @Override
        public boolean isLeader() {
            return leadership.isLeader();
        }

        @Override
        public void awaitChange(Duration atMost) throws InterruptedException {
            leadership.awaitLeader(atMost);
        }
    }

    /** Tells who is registered now. */
    void presences(SortedMap<String, NodeStatus> nodes) {
        allocator.presences(nodes);
    }

    AllocatorControl control() {
        return allocator;
    }

    /** A standby is ready when it takes part in the election; the leader, when it wrote what its sources said. */
    List<String> missing() {
        if (leadership.isLeader()) {
            return allocator.sources().stream()
                    .filter(source -> source.updated().isEmpty())
                    .map(source -> "no snapshot yet from " + source.id())
                    .toList();
        }
        return leadership.leaderId().isPresent() ? List.of() : List.of("no leader is elected yet");
    }
}
