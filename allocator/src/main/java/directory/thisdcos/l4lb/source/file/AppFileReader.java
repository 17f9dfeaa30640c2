package directory.thisdcos.l4lb.source.file;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.DeclarationBuilder;
import directory.thisdcos.l4lb.source.Declarations;
import directory.thisdcos.l4lb.source.HostAddresses;
import directory.thisdcos.l4lb.source.json.Json;
import directory.thisdcos.l4lb.source.json.JsonText;
import directory.thisdcos.l4lb.source.json.MalformedJsonException;
import directory.thisdcos.l4lb.source.marathon.MarathonApps;
import directory.thisdcos.l4lb.source.mesos.MesosState;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Reads one file of either kind. */
final class AppFileReader {

    /** A state of a large cluster has tens of megabytes; more is a mistake. */
    private static final long MAX_FILE_BYTES = 256L << 20;

    private final HostAddresses hosts;
    private final InstantSource clock;
    private final MarathonApps apps;
    private final MesosState mesos;

    AppFileReader(String source, String framework, HostAddresses hosts, InstantSource clock) {
        this.hosts = hosts;
        this.clock = clock;
        this.apps = new MarathonApps(source, framework, hosts);
        this.mesos = new MesosState(source, hosts);
    }

    /** The file's next version; a content that cannot be read leaves the last good one in force. */
    AppFile read(Path file, FolderListing.Stamp stamp, AppFile before) {
        long namesBefore = hosts.names();
        try {
            if (stamp.size() > MAX_FILE_BYTES) {
                throw new IOException("larger than " + MAX_FILE_BYTES + " octets");
            }
            Declarations declared = declarations(Files.readAllBytes(file), file.toString());
            return new AppFile(stamp, Optional.of(declared), List.of(), hosts.names() != namesBefore, clock.instant());
        } catch (MalformedJsonException e) {
            return failed(stamp, before, new Problem("invalid-json", file.toString(), message(e, before)));
        } catch (AccessDeniedException e) {
            return failed(stamp, before, AppFile.unreadable(file, "permission denied"));
        } catch (IOException e) {
            return failed(stamp, before, AppFile.unreadable(file, e.toString()));
        }
    }

    private AppFile failed(FolderListing.Stamp stamp, AppFile before, Problem problem) {
        return new AppFile(stamp, before.good(), List.of(problem), before.usesNames(), clock.instant());
    }

    private static String message(MalformedJsonException e, AppFile before) {
        return e.getMessage() + (before.good().isPresent() ? "; its last good content stays in force" : "");
    }

    private Declarations declarations(byte[] octets, String name) throws MalformedJsonException {
        DeclarationBuilder out = new DeclarationBuilder();
        JsonText text = JsonText.parse(octets);
        for (JsonText.Duplicate twice : text.duplicates()) {
            out.report(
                    new Problem(
                            "duplicate-key",
                            name + ": " + twice.path(),
                            "line " + twice.line() + ", column " + twice.column()
                                    + ": the key stands here a second time; only this last value counts, so give it another name"));
        }
        Json root = text.root((kind, path, message) ->
                out.report(new Problem(kind, path.isEmpty() ? name : name + ": " + path, message)));
        if (MesosState.matches(root)) {
            mesos.read(root, name, out);
        } else {
            apps.read(root, name, out);
        }
        return out.build();
    }
}
