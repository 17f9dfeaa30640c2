package directory.thisdcos.l4lb.allocator;

import directory.thisdcos.l4lb.model.Allocation;
import directory.thisdcos.l4lb.model.Change;
import directory.thisdcos.l4lb.model.Hold;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * For how long an address that a name had stays reserved for it. What began before this process wrote the table was
 * dated by another clock, or by this machine's before it was set: such a quarantine begins anew, so that it is never
 * shorter than it should be, at most twice as long after a take-over. Times are milliseconds since the epoch.
 *
 * @param watchedFrom when this process became the writer
 */
record Quarantine(Duration length, long watchedFrom) {

    boolean isOver(long since, long now) {
        return now - begin(since, now) >= length.toMillis();
    }

    private long begin(long since, long now) {
        // Dated into the future: by a clock that was ahead of ours, thus before we took over.
        return since > now ? watchedFrom : Math.max(since, watchedFrom);
    }

    /** Without the former addresses whose quarantine is over; the same object if there are none. */
    Allocation trimmed(Allocation allocation, long now) {
        List<Hold.Former> former = allocation.hold().former();
        if (former.stream().noneMatch(one -> isOver(one.since(), now))) {
            return allocation;
        }
        return allocation.withHold(allocation
                .hold()
                .withFormer(
                        former.stream().filter(one -> !isOver(one.since(), now)).toList()));
    }

    /** When the first quarantine of an allocation ends; the end of time if there is none. */
    long nextEnd(Allocation allocation, long now) {
        LongStream former = allocation.hold().former().stream().mapToLong(Hold.Former::since);
        LongStream all =
                allocation.isAllocated() ? former : LongStream.concat(LongStream.of(allocation.since()), former);
        return all.map(since -> begin(since, now) + length.toMillis()).min().orElse(Long.MAX_VALUE);
    }

    /** When the first of the quarantines that these changes begin ends. */
    long nextEnd(List<Change> changes, long now) {
        long next = Long.MAX_VALUE;
        for (Change change : changes) {
            if (change instanceof Change.AllocationPut put) {
                next = Math.min(next, nextEnd(put.allocation(), now));
            }
        }
        return next;
    }
}
