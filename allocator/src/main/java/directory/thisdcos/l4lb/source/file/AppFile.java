package directory.thisdcos.l4lb.source.file;

import directory.thisdcos.l4lb.runtime.Problem;
import directory.thisdcos.l4lb.source.Declarations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one file.
 *
 * @param stamp of the content that was tried last
 * @param good what its last readable content declares; empty if it never had any
 * @param problems why the content tried last is not that
 * @param usesNames whether the result depends on a resolver's answers
 * @param read when it was read
 */
record AppFile(
        FolderListing.Stamp stamp,
        Optional<Declarations> good,
        List<Problem> problems,
        boolean usesNames,
        Instant read) {

    /** A clock tick of the file system: a write so shortly before the reading may have left no trace in the stamp. */
    private static final long STAMP_MILLIS = 100;

    static final AppFile UNREAD =
            new AppFile(new FolderListing.Stamp(-1, -1, ""), Optional.empty(), List.of(), false, Instant.EPOCH);

    static Problem unreadable(Path file, String reason) {
        return new Problem("unreadable-file", file.toString(), reason + "; what it said before stays in force");
    }

    /** Whether a stamp seen now may mean another content. */
    boolean isOutdated(FolderListing.Stamp now, Instant time, Duration namesLastFor) {
        return !stamp.equals(now)
                || Math.abs(stamp.modifiedMillis() - read.toEpochMilli()) < STAMP_MILLIS
                || (usesNames && time.isAfter(read.plus(namesLastFor)));
    }

    Declarations declarations() {
        return good.orElse(Declarations.NONE).withProblems(problems);
    }
}
